// SPDX-License-Identifier: Apache-2.0
// An answer that is asked for again and again, and what is said while there is none or it is old.
import type { ComponentChildren } from "preact";
import type { Desk } from "./app";
import type { Polled } from "./poll";
import type { Word } from "./text";

export function wordOf(refused: number): Word {
  if (refused === 403 || refused === 401) return "not_allowed";
  return refused === 404 ? "not_there" : "no_answer";
}

interface AnsweredProps<Answer> {
  desk: Desk;
  of: Polled<Answer>;
  children: (answer: Answer) => ComponentChildren;
}
export function Answered<Answer>({ desk: { say }, of: { answer, refused }, children }: AnsweredProps<Answer>) {
  return (
    <>
      {refused !== undefined && (
        <p class="trouble" role="status">
          {say(wordOf(refused))} {answer !== undefined && say("is_old")}
        </p>
      )}
      {answer !== undefined ? children(answer) : refused === undefined && <p class="empty">{say("reading")}</p>}
    </>
  );
}
