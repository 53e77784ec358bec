// SPDX-License-Identifier: Apache-2.0
import { type SayOf, speakerOf } from "../shared/say";
import { type Language, type Word, words } from "./words";

export type { Language, Word };
export type Say = SayOf<Word>;

export const speaker = (language: Language): Say => speakerOf<Word>(words[language]);

// A word by its key, where the key comes from the record: the record's own word where we have none.
export function sayKey(say: Say, key: string, otherwise: string): string {
  return key in words.nb ? say(key as Word) : otherwise;
}

const two = (n: number) => String(n).padStart(2, "0");

// Minutes and seconds since the start.
export function clockOf(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  return `${seconds < 0 ? "−" : ""}${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

// The wall clock where the room was, as the record has it: "2026-11-30T11:07:35.829+01:00" -> "30.11.2026 11:07".
export function dateAndTime(iso: string): string {
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

export function rounded(value: number | null, digits: number, language: Language): string | null {
  return value === null ? null : value.toLocaleString(language === "nb" ? "nb-NO" : "en-GB", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
