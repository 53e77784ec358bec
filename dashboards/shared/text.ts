// SPDX-License-Identifier: Apache-2.0
import { type SayOf, speakerOf } from "./say";
import { type Language, type Word, words } from "./words";

export type Say = SayOf<Word>;

export const speaker = (language: Language): Say => speakerOf<Word>(words[language]);

// 24 h, seconds: people compare it with the clock on the wall.
export function clock(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
