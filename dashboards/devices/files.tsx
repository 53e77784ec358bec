// SPDX-License-Identifier: Apache-2.0
// Which settings files there are, which of them are changed or wrong, and a new one.
import { useState } from "preact/hooks";
import type { Desk } from "./app";
import type { Files, Problem, Settings } from "./settings-api";
import type { Word } from "./text";

const groups: [folder: string, word: Word][] = [
  ["", "group_room"],
  ["presets", "group_presets"],
  ["profiles", "group_profiles"],
  ["mosquitto", "group_broker"],
];
const folderOf = (name: string) => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "");
const shortOf = (name: string) => name.slice(name.indexOf("/") + 1);

interface FileListProps {
  desk: Desk;
  settings: Settings;
  drafts: Files;
  problems: Problem[];
  name: string;
}
export function FileList({ desk: { say }, settings, drafts, problems, name }: FileListProps) {
  const names = [...new Set([...settings.files.map((one) => one.name), ...Object.keys(drafts)])].sort();
  const row = (file: string) => {
    const errors = problems.filter((one) => one.file === file && one.severity === "error").length;
    const warnings = problems.filter((one) => one.file === file && one.severity !== "error").length;
    return (
      <li key={file}>
        <a href={`#/settings/${file}`} aria-current={file === name ? "page" : undefined}>
          <span>{shortOf(file)}</span>
          {file in drafts && <small data-changed="true">{say(drafts[file] === null ? "is_removed" : "is_draft")}</small>}
          {errors > 0 && <small data-severity="error">{say("short_errors", { n: errors })}</small>}
          {errors === 0 && warnings > 0 && <small data-severity="warning">{say("short_warnings", { n: warnings })}</small>}
        </a>
      </li>
    );
  };
  return (
    <nav class="files" aria-label={say("files")}>
      {groups.map(([folder, word]) => {
        const here = names.filter((one) => folderOf(one) === folder);
        if (here.length === 0) return null;
        const open = folder === "" || folder === "presets" || folderOf(name) === folder || here.some((one) => one in drafts || problems.some(({ file }) => file === one));
        return (
          <details key={folder} open={open}>
            <summary>{say(word)}</summary>
            <ul>{here.map(row)}</ul>
          </details>
        );
      })}
    </nav>
  );
}

export function NewFile({ desk: { say }, known, make }: { desk: Desk; known: string[]; make: (name: string) => void }) {
  const [folder, setFolder] = useState("presets");
  const [short, setShort] = useState("");
  const name = `${folder}/${short}.toml`;
  const good = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,50}$/.test(short) && !known.includes(name);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!good) return;
    make(name);
    setShort("");
  };
  return (
    <details class="new-file">
      <summary>{say("new_file")}</summary>
      <form class="row" onSubmit={submit}>
        <label>
          {say("folder")}{" "}
          <select value={folder} onChange={(event) => setFolder(event.currentTarget.value)}>
            <option value="presets">{say("group_presets")}</option>
            <option value="profiles">{say("group_profiles")}</option>
          </select>
        </label>
        <label>
          {say("file_name")} <input value={short} onInput={(event) => setShort(event.currentTarget.value.trim())} /> .toml
        </label>
        <button type="submit" disabled={!good}>
          {say("make_file")}
        </button>
      </form>
    </details>
  );
}
