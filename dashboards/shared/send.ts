// SPDX-License-Identifier: Apache-2.0
// A command to the room: sent now or not at all. What is not answered in time counts as not done and is never resent.
import { made } from "./clock";
import type { Word } from "./words";

export type Outcome = { done: true; devices?: number } | { done: false; why: Word };

const personWaitsMs = 2000;
const reasons: Record<number, Word> = { 404: "said_unknown", 409: "said_conflict", 422: "said_refused" };

export async function send(path: string, body: object): Promise<Outcome> {
  try {
    const answer = await fetch(`/api/v1/${path}${made()}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(personWaitsMs),
    });
    if (!answer.ok) return { done: false, why: reasons[answer.status] ?? "not_sent" };
    return { done: true, ...(await answer.json()) };
  } catch {
    return { done: false, why: path === "stop" ? "stop_unknown" : "not_sent" };
  }
}
