// SPDX-License-Identifier: Apache-2.0
// Questions to the controller from a desk, and its refusals.
export class Refused extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly detail = "", // the controller's own English sentence
  ) {
    super(String(status));
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const body = await answer.json().catch(() => ({}));
  return new Refused(answer.status, body.detail ?? "");
}

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string; // JSON
}

export async function ask(path: string, init: Asking = {}): Promise<Response> {
  const headers = { ...(init.body ? { "Content-Type": "application/json" } : {}), ...init.headers };
  const answer = await fetch(`/api/v1/${path}`, { ...init, headers }).catch(() => {
    throw new Refused(0);
  });
  if (answer.status === 401) location.assign("/login"); // after ten quiet minutes nobody is logged in
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function logOut(): Promise<void> {
  await fetch("/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  location.assign("/login");
}
