// SPDX-License-Identifier: Apache-2.0
// A slow fade of one light, and how far it came by its own word.
import { useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { wordOf } from "./answered";
import { type Device, testDevice } from "./api";
import type { Desk } from "./app";
import { sayKey } from "./text";

function Ends({ desk: { say }, of }: { desk: Desk; of: NonNullable<Device["test"]["ends"]> }) {
  const percent = (share: number) => Math.round(share * 100);
  return (
    <ul class="plain">
      {of.map(({ aim, read, there }, i) => (
        <li key={i}>
          {read === null ? say("end_silent", { aim: percent(aim) }) : say(there ? "end_there" : "end_not_there", { aim: percent(aim), read: percent(read) })}
        </li>
      ))}
    </ul>
  );
}

export function Test({ desk, device, again }: { desk: Desk; device: Device; again: () => void }) {
  const { say } = desk;
  const [refused, setRefused] = useState<string | null>(null);
  if (!device.can_be_tested) return <span class="note">{say("cannot_be_tested")}</span>;
  const begin = async () => {
    try {
      await testDevice(device.id);
      setRefused(null);
      again();
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      setRefused(status === 409 ? say("test_refused", { why: (error as Refused).detail }) : say(wordOf(status)));
    }
  };
  const { state, ends } = device.test;
  return (
    <>
      <button type="button" disabled={state === "running"} onClick={begin}>
        {say("test")}
      </button>
      <span role="status" data-test={state}>
        {refused ?? (state === "none" ? "" : sayKey(say, `test_${state}`, state))}
      </span>
      {refused === null && ends && state !== "running" && <Ends desk={desk} of={ends} />}
    </>
  );
}
