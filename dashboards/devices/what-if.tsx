// SPDX-License-Identifier: Apache-2.0
// What the room does about each fault, which devices can have it, and which have it now: those stand first.
import { Answered } from "./answered";
import type { FaultRow } from "./api";
import type { Desk } from "./app";
import { usePolled } from "./poll";
import { Silence } from "./silence";
import { sayKey, span } from "./text";
import type { ViewProps } from "./views";

function Steps({ desk: { say }, of }: { desk: Desk; of: FaultRow["steps"] }) {
  return (
    <ol class="steps">
      {of.map(({ after_s, response }) => (
        <li key={response} data-response={response}>
          <span class="number">{after_s > 0 ? say("after", { span: span(say, after_s) }) : say("at_once")}</span>{" "}
          {sayKey(say, `response_${response}`, response)}
        </li>
      ))}
    </ol>
  );
}

function Fault({ desk, row, again }: { desk: Desk; row: FaultRow; again: () => void }) {
  const { say, language } = desk;
  return (
    <article class="fault" data-fault={row.fault} data-now={row.now.length > 0}>
      <h3>
        <i class="mark" aria-hidden="true" /> {row.says[language]}
      </h3>
      {row.now.map(({ device, since_s, silenced_until }) => (
        <p key={device} class="now">
          {say("now_since", { what: device ?? say("the_room"), span: span(say, since_s) })}
          {row.may_be_silent && <Silence desk={desk} fault={row.fault} device={device} until={silenced_until} done={again} />}
        </p>
      ))}
      <p>{row.does[language]}</p>
      <Steps desk={desk} of={row.steps} />
      {row.devices.length > 0 && (
        <p class="note">{say("concerns", { names: row.devices.join(", ") })}</p>
      )}
    </article>
  );
}

export function WhatIf({ desk }: ViewProps) {
  const faults = usePolled<FaultRow[]>("faults");
  return (
    <>
      <h2>{desk.say("what_if_title")}</h2>
      <p class="note">{desk.say("what_if_note")}</p>
      <Answered desk={desk} of={faults}>
        {(rows) => (
          <div class="faults">
            {[...rows]
              .sort((a, b) => Number(b.now.length > 0) - Number(a.now.length > 0))
              .map((row) => (
                <Fault key={row.fault} desk={desk} row={row} again={faults.again} />
              ))}
          </div>
        )}
      </Answered>
    </>
  );
}
