// SPDX-License-Identifier: Apache-2.0
// The room's settings files as they are: read, changed, checked while one types, compared, and taken on trial.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { wordOf } from "./answered";
import type { Desk } from "./app";
import { DiffView } from "./diff";
import { forgetBlock, forgetTried, noteTried, tried, useDrafts, waitingBlock } from "./drafts";
import { Editor, type Place } from "./editor";
import { FileList, NewFile } from "./files";
import { apply, check, type Checked, type Files, type Problem, readFile, type Settings } from "./settings-api";
import { useOnce } from "./once";
import { trialBegan } from "./trial";
import type { ViewProps } from "./views";

const typingMs = 400;
const plain = "room.toml";

// What the checker says of the drafts, a moment after the last key.
function useChecked(drafts: Files): { checked: Checked | null; wrong: number | null } {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [wrong, setWrong] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    setChecked(null);
    setWrong(null);
    if (Object.keys(drafts).length === 0) return;
    const timer = setTimeout(
      () =>
        check(drafts).then(
          (said) => current && setChecked(said),
          (error) => current && setWrong(error instanceof Refused ? error.status : 0),
        ),
      typingMs,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [drafts]);
  return { checked, wrong };
}

function Problems({ desk: { say }, problems, go }: { desk: Desk; problems: Problem[]; go: (problem: Problem) => void }) {
  const errors = problems.filter(({ severity }) => severity === "error");
  const rest = problems.filter(({ severity }) => severity !== "error");
  const sum = errors.length > 0 ? say("n_errors", { n: errors.length }) : rest.length > 0 ? say("n_warnings", { n: rest.length }) : say("no_problems");
  return (
    <section data-part="problems">
      <h3>
        <span role="status">{sum}</span>
      </h3>
      <ol class="problems">
        {[...errors, ...rest].map((one, i) => (
          <li key={i} data-severity={one.severity}>
            <button type="button" class="link" onClick={() => go(one)}>
              {one.file}:{one.line}:{one.column}
            </button>{" "}
            <span lang="en">{one.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface BenchProps {
  desk: Desk;
  name: string;
  settings: Settings;
  again: () => void;
}
function Bench({ desk, name, settings, again }: BenchProps) {
  const { say } = desk;
  const [drafts, setDrafts] = useDrafts();
  const [disk, setDisk] = useState<Record<string, string>>({});
  const [place, setPlace] = useState<Place | null>(null);
  const [showsDiff, showDiff] = useState(false);
  const [said, setSaid] = useState("");
  const waits = useRef<Problem | null>(null); // until its file has been read
  const { checked, wrong } = useChecked(drafts);
  const isThere = settings.files.some((one) => one.name === name);
  const text = name in drafts ? drafts[name] : disk[name];

  useEffect(() => {
    setDisk({});
    setSaid("");
  }, [settings.base]);
  useEffect(() => {
    if (!isThere || name in disk) return;
    readFile(name).then((file) => setDisk((all) => ({ ...all, [name]: file.text })), (error) => setSaid(say(wordOf(error.status ?? 0))));
  }, [name, isThere, disk]);
  useEffect(() => {
    const wanted = waits.current;
    if (wanted?.file !== name || typeof text !== "string") return;
    waits.current = null;
    setPlace({ line: wanted.line, column: wanted.column, asked: (place?.asked ?? 0) + 1 });
  }, [name, typeof text, said]);

  // A text field knows one kind of line end; the file keeps its own.
  const put = (file: string, typed: string | null | undefined) => {
    const now = disk[file]?.includes("\r\n") ? typed?.replaceAll(/\r?\n/g, "\r\n") : typed;
    const { [file]: _, ...others } = drafts;
    setDrafts(now === undefined || now === disk[file] ? others : { ...others, [file]: now });
    setSaid("");
  };
  const go = (problem: Problem) => {
    waits.current = problem;
    if (problem.file === name && typeof text === "string") {
      waits.current = null;
      setPlace({ line: problem.line, column: problem.column, asked: (place?.asked ?? 0) + 1 });
    } else location.hash = `#/settings/${problem.file}`;
  };
  const use = async () => {
    if (!checked) return;
    try {
      await apply(checked.base, drafts);
      noteTried(drafts);
      setDrafts({});
      setDisk({});
      showDiff(false);
      trialBegan();
      again();
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(0);
      setSaid(say("not_used", { why: refused.detail || say(wordOf(refused.status)) }));
      again();
    }
  };
  const changed = Object.keys(drafts).length;
  const ready = checked !== null && !checked.errors && settings.not_writable === "" && settings.trial?.phase !== "running";
  const problems = checked?.problems ?? settings.problems;
  const block = waitingBlock();
  return (
    <div class="bench">
      <FileList desk={desk} settings={settings} drafts={drafts} problems={problems} name={name} />
      <div class="work">
        <div class="row spread">
          <h2>{name}</h2>
          <div class="row">
            <span class="note" role="status" data-part="check">
              {changed === 0 ? "" : wrong !== null ? say("not_checked") : checked === null ? say("checking") : checked.errors ? say("has_errors") : say("n_changed", { n: changed })}
            </span>
            {name in drafts && (
              <button type="button" class="quiet" onClick={() => put(name, undefined)}>
                {say("forget_changes")}
              </button>
            )}
            <button type="button" class="quiet" disabled={changed === 0} aria-expanded={showsDiff} onClick={() => showDiff(!showsDiff)}>
              {say("show_difference")}
            </button>
            <button type="button" class="strong" disabled={!ready} onClick={use}>
              {say("use")}
            </button>
          </div>
        </div>
        {said && (
          <p class="trouble" role="alert">
            {said}
          </p>
        )}
        {settings.trial?.phase === "put_back" && tried() !== null && changed === 0 && (
          <p class="row offer" data-offer="tried">
            {say("tried_waits")}
            <button
              type="button"
              onClick={() => {
                setDrafts(tried() ?? {});
                forgetTried();
              }}
            >
              {say("tried_again")}
            </button>
          </p>
        )}
        {block !== null && (
          <p class="row offer">
            {say("block_waits")}
            <button
              type="button"
              onClick={() => {
                const before = drafts[plain] ?? disk[plain] ?? "";
                forgetBlock();
                put(plain, `${before.replace(/\n*$/, "\n\n")}${block}`);
                location.hash = `#/settings/${plain}`;
              }}
              disabled={!(plain in disk)}
            >
              {say("block_add")}
            </button>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                forgetBlock();
                setSaid("");
                again();
              }}
            >
              {say("block_forget")}
            </button>
          </p>
        )}
        {showsDiff && checked && changed > 0 && <DiffView desk={desk} files={checked.diff} />}
        {text === null ? (
          <p class="empty">{say("file_goes")}</p>
        ) : text === undefined ? (
          <p class="empty">{say(isThere ? "reading" : "not_there")}</p>
        ) : (
          <Editor desk={desk} name={name} text={text} problems={problems.filter((one) => one.file === name)} place={place} readOnly={settings.not_writable !== ""} change={(now) => put(name, now)} />
        )}
        {typeof text === "string" && name !== plain && settings.not_writable === "" && (
          <button type="button" class="quiet" onClick={() => put(name, isThere ? null : undefined)}>
            {say("remove_file")}
          </button>
        )}
        <Problems desk={desk} problems={problems} go={go} />
      </div>
      <NewFile desk={desk} known={settings.files.map((one) => one.name)} make={(file) => {
        put(file, "");
        location.hash = `#/settings/${file}`;
      }} />
    </div>
  );
}

export function SettingsView({ desk, rest }: ViewProps) {
  const { say } = desk;
  const { answer, refused, again } = useOnce<Settings>("settings");
  const name = rest.join("/") || plain;
  if (refused !== undefined && answer === undefined) {
    return (
      <p class="trouble" role="status">
        {say(wordOf(refused))}
      </p>
    );
  }
  if (answer === undefined) return <p class="empty">{say("reading")}</p>;
  return (
    <>
      {answer.not_writable !== "" && (
        <p class="trouble" role="status">
          {say("not_writable", { why: answer.not_writable })}
        </p>
      )}
      {!answer.runs_with_these && answer.trial?.phase !== "running" && answer.trial?.phase !== "ready" && (
        <p class="trouble" role="status">
          {say("changed_since_start")}
        </p>
      )}
      <Bench desk={desk} name={name} settings={answer} again={again} />
    </>
  );
}
