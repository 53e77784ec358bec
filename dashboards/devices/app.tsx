// SPDX-License-Identifier: Apache-2.0
// The maintainer's desk: which device is late, weak or wrong, and what the room does about it. Nothing of a session.
import { LogOut, useAddress, useTheme } from "../shared/desk";
import { type Language, type Say, speaker } from "./text";
import { TrialBanner } from "./trial";
import { views } from "./views";

export interface Boot {
  language: Language;
  room: string;
  simulated: boolean;
}

// What the views have in common.
export interface Desk {
  say: Say;
  language: Language;
  has: (view: string) => boolean;
}

export function App({ boot }: { boot: Boot }) {
  const say = speaker(boot.language);
  const [what, ...rest] = useAddress();
  const otherTheme = useTheme();
  const desk: Desk = { say, language: boot.language, has: (id) => views.some((one) => one.id === id) };
  const view = views.find(({ id }) => id === what) ?? views[0];
  return (
    <div class="frame" data-simulated={boot.simulated}>
      <header class="top">
        <h1>{say("desk")}</h1>
        <nav class="views" aria-label={say("views")}>
          {views.map(({ id, word }) => (
            <a key={id} href={`#/${id}`} aria-current={id === view.id ? "page" : undefined}>
              {say(word)}
            </a>
          ))}
        </nav>
        <p class="where">{boot.room}</p>
        {boot.simulated && <strong class="simulated">{say("simulated")}</strong>}
        <button type="button" class="quiet" onClick={otherTheme}>
          {say("theme")}
        </button>
        <LogOut word={say("log_out")} />
      </header>
      <TrialBanner desk={desk} />
      <main>
        <view.component desk={desk} rest={rest} />
      </main>
    </div>
  );
}
