// SPDX-License-Identifier: Apache-2.0
// The psychologist's page: whose, which session, what happened. Addresses are behind the #, so that going back
// works; nothing is read before the reader has said why.
import { useState } from "preact/hooks";
import { LogOut, useAddress, useTheme } from "../shared/desk";
import { setWhy, type Why } from "./api";
import { People } from "./people";
import { Person } from "./person";
import { SessionView } from "./session";
import { type Language, type Say, speaker, type Word } from "./text";

export interface Boot {
  language: Language;
  room: string;
  presets: { id: string; name: Record<Language, string> }[];
  activities: { id: string; text: Record<Language, string> }[];
}

// What the views have in common.
export interface Desk {
  say: Say;
  language: Language;
  presetName: (id: string) => string;
  activityName: (id: string) => string;
  activities: string[]; // ids
}

export const reasons: [Why, Word][] = [
  ["team review", "why_team"],
  ["follow-up", "why_follow_up"],
  ["access request", "why_access"],
  ["quality", "why_quality"],
];

export function App({ boot }: { boot: Boot }) {
  const say = speaker(boot.language);
  const [why, choose] = useState<Why | null>(null);
  const [what, whose] = useAddress();
  const otherTheme = useTheme();
  setWhy(why);
  const desk: Desk = {
    say,
    language: boot.language,
    presetName: (id) => boot.presets.find((one) => one.id === id)?.name[boot.language] ?? id,
    activities: boot.activities.map(({ id }) => id),
    activityName: (id) => boot.activities.find((one) => one.id === id)?.text[boot.language] ?? id,
  };
  return (
    <>
      <header class="top">
        <h1>
          <a href="#/">{say("review")}</a>
        </h1>
        <p class="where">{boot.room}</p>
        <label class="why">
          <span>{say("why_label")}</span>
          <select value={why ?? ""} onChange={(event) => choose((event.currentTarget.value || null) as Why | null)}>
            <option value="">{say("why_choose")}</option>
            {reasons.map(([reason, word]) => (
              <option key={reason} value={reason}>
                {say(word)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet" onClick={otherTheme}>
          {say("theme")}
        </button>
        <LogOut word={say("log_out")} />
      </header>
      <main>
        {why === null ? (
          <p class="empty">{say("why_first")}</p>
        ) : what === "participant" && whose ? (
          <Person key={whose} desk={desk} code={whose} />
        ) : what === "session" && whose ? (
          <SessionView key={whose} desk={desk} id={whose} />
        ) : (
          <People say={say} />
        )}
      </main>
    </>
  );
}
