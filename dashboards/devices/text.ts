// SPDX-License-Identifier: Apache-2.0
import { type SayOf, speakerOf } from "../shared/say";
import { type Language, type Word, words } from "./words";

export type { Language, Word };
export type Say = SayOf<Word>;

export const speaker = (language: Language): Say => speakerOf<Word>(words[language]);

// A word by its key, where the key comes from the controller: its own word where we have none.
export function sayKey(say: Say, key: string, otherwise: string): string {
  return key in words.nb ? say(key as Word) : otherwise;
}

// How long, as people say it: the two largest units are one too many.
export function span(say: Say, seconds: number): string {
  if (seconds < 100) return say("n_seconds", { n: Math.round(seconds) });
  if (seconds < 100 * 60) return say("n_minutes", { n: Math.round(seconds / 60) });
  if (seconds < 48 * 3600) return say("n_hours", { n: Math.round(seconds / 3600) });
  return say("n_days", { n: Math.round(seconds / 86400) });
}

// "30.11. 23:04", and the seconds where they matter.
export function moment(unixSeconds: number, language: Language, seconds = false): string {
  return new Date(unixSeconds * 1000).toLocaleString(language === "nb" ? "nb-NO" : "en-GB", {
    day: "2-digit",
    month: "2-digit",
    ...(seconds ? { second: "2-digit" } : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function bytes(count: number, language: Language): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** step).toLocaleString(language === "nb" ? "nb-NO" : "en-GB", { maximumSignificantDigits: 3 })} ${units[step]}`;
}
