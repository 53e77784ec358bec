// SPDX-License-Identifier: Apache-2.0
// What can be done with a session: taken along as a file, printed, and moved to the code it belongs to.
import { useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { correct, take } from "./api";
import type { Desk } from "./app";
import { wordOf } from "./loaded";

const forms: [string, string, string][] = [
  ["csv", ",", "CSV"],
  ["csv", ";", "CSV (;)"],
  ["json", ",", "JSON"],
  ["edf", ",", "EDF+"],
  ["pdf", ",", "PDF"],
];

// Takes a file along, and the word for how that goes.
function useTaking(say: Desk["say"]): [string, (path: string, name: string) => Promise<void>] {
  const [said, setSaid] = useState("");
  const taking = async (path: string, name: string) => {
    try {
      setSaid(say("made_ready"));
      await take(path, name);
      setSaid("");
    } catch (error) {
      setSaid(say(wordOf(error instanceof Refused ? error.status : 0)));
    }
  };
  return [said, taking];
}

// What somebody may ask for who wants to see all that is kept about them.
export function Record({ desk: { say }, path, code }: { desk: Desk; path: string; code: string }) {
  const [said, taking] = useTaking(say);
  return (
    <p class="row actions">
      <button type="button" onClick={() => taking(`${path}/record`, `${code}.zip`)}>
        {say("record_of", { code })}
      </button>
      <span role="status">{said}</span>
    </p>
  );
}

export function Exports({ desk, id }: { desk: Desk; id: string }) {
  const { say } = desk;
  const [said, taking] = useTaking(say);
  return (
    <p class="row actions">
      <strong>{say("export")}</strong>
      {forms.map(([format, separator, name]) => (
        <button type="button" key={name} onClick={() => taking(`sessions/${id}/export?format=${format}&separator=${encodeURIComponent(separator)}`, `${id}.${format}`)}>
          {name}
        </button>
      ))}
      <button type="button" onClick={() => print()}>{say("print")}</button>
      <span role="status">{said}</span>
    </p>
  );
}

export function Correction({ desk, id }: { desk: Desk; id: string }) {
  const { say } = desk;
  const [code, setCode] = useState("");
  const [said, setSaid] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await correct(id, code.trim());
      setSaid(say("corrected"));
    } catch (error) {
      setSaid(say(wordOf(error instanceof Refused ? error.status : 0)));
    }
  };
  return (
    <form class="row actions" onSubmit={submit}>
      <strong>{say("correct")}</strong>
      <label>
        {say("correct_code")} <input value={code} size={8} maxLength={16} required onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <button>{say("correct_do")}</button>
      <span role="status">{said}</span>
    </form>
  );
}
