// SPDX-License-Identifier: Apache-2.0
// This person's row of the state map and a few things to do; a tap on one says that it was done. Beside them what the
// work was on.
import { useState } from "preact/hooks";
import { Action } from "./action";
import { isKept } from "./rating";
import type { StepProps } from "./strip";

function Row({ say, room, known, seen }: StepProps) {
  const row = seen === null ? undefined : known?.rows[seen];
  const line = (word: "map_helps" | "map_worse", text: string | undefined) =>
    text && (
      <p class="row">
        <strong>{say(word)}</strong> {text}
      </p>
    );
  if (row?.helps || row?.makes_worse)
    return (
      <>
        {line("map_helps", row.helps)}
        {line("map_worse", row.makes_worse)}
      </>
    );
  const why =
    known === null
      ? "map_unread"
      : seen === null
        ? "map_needs_state"
        : room.participant_named
          ? "map_empty"
          : "map_needs_code";
  return <p class="row">{say(why)}</p>;
}

// What the work was on: body first, then contact, then talk.
const marks = ["regulate", "relate", "reflect"] as const;

export function Did(props: StepProps) {
  const { say, boot, room, told, known, seen } = props;
  const [done, setDone] = useState<string[]>([]);
  const offered = known ? known.offers[seen ?? "dont_know"] : [];
  const text = (id: string) => known?.activities[id]?.[boot.language] ?? id;
  return (
    <>
      <div class="map">
        <Row {...props} />
      </div>
      <div class="offers">
        {offered.map((id) =>
          isKept(room) ? (
            <Action
              key={id}
              say={say}
              path="session/activity"
              fields={{ id }}
              classes={done.includes(id) ? "tile offer on" : "tile offer"}
              name={text(id)}
              note={done.includes(id) ? say("done_so") : ""}
              told={(outcome) => {
                told(outcome);
                if (outcome.done) setDone((before) => [...before, id]);
              }}
            />
          ) : (
            <p key={id} class="tile offer">
              {text(id)}
            </p>
          ),
        )}
      </div>
      {isKept(room) && (
        <div class="marks">
          {marks.map((kind) => (
            <Action key={kind} {...{ say, told }} path="session/mark" fields={{ kind }} classes="tile mark" name={say(`mark_${kind}`)} />
          ))}
        </div>
      )}
    </>
  );
}
