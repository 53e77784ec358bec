// SPDX-License-Identifier: Apache-2.0
// One text with its line numbers, and what is wrong with it at its lines.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "./app";
import type { Problem } from "./settings-api";

const lineHeight = 22; // px; as .text in settings.css
const above = 4; // lines kept in sight over the one that is jumped to
const shown = 60; // numbers at a time: a long file has no more in sight

export interface Place {
  line: number;
  column: number;
  asked: number; // grows with each jump, so that the same place can be jumped to again
}

const lineOf = (text: string, at: number) => text.slice(0, at).split("\n").length;

function startOf(text: string, line: number): number {
  let at = 0;
  for (let i = 1; i < line; ++i) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

interface EditorProps {
  desk: Desk;
  name: string;
  text: string;
  problems: Problem[];
  place: Place | null;
  readOnly: boolean;
  change: (text: string) => void;
}
export function Editor({ desk: { say }, name, text, problems, place, readOnly, change }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(1);
  const lines = text.split("\n").length;
  const first = Math.floor(top / lineHeight); // lines above the window
  const worst = (line: number) => problems.filter((one) => one.line === line).map((one) => one.severity).sort()[0];
  useEffect(() => {
    if (!place || !area.current) return;
    const from = startOf(text, place.line) + Math.max(0, place.column - 1);
    area.current.focus();
    area.current.setSelectionRange(from, from);
    area.current.scrollTop = Math.max(0, place.line - 1 - above) * lineHeight;
    setAt(place.line);
  }, [place?.asked]);
  const moved = () => area.current && setAt(lineOf(text, area.current.selectionStart));
  const here = problems.filter((one) => one.line === at);
  return (
    <div class="text">
      <div class="gutter" aria-hidden="true">
        <ol style={{ transform: `translateY(${-(top % lineHeight)}px)` }}>
          {Array.from({ length: Math.max(0, Math.min(shown, lines - first)) }, (_, i) => first + i + 1).map((line) => (
            <li key={line} data-severity={worst(line)} data-here={line === at}>
              {line}
            </li>
          ))}
        </ol>
      </div>
      <textarea
        ref={area}
        value={text}
        readOnly={readOnly}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        wrap="off"
        aria-label={say("text_of", { file: name })}
        aria-describedby="here"
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onInput={({ currentTarget: { value, selectionStart } }) => {
          change(value);
          setAt(lineOf(value, selectionStart));
        }}
        onKeyUp={moved}
        onClick={moved}
      />
      <p id="here" class="here" role="status">
        {say("line_n", { n: at })} {here.map((one) => one.text).join(". ")}
      </p>
    </div>
  );
}
