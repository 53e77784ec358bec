// SPDX-License-Identifier: Apache-2.0
import { type Language, type Word, words } from "./words";

export type Say = (word: Word, values?: Record<string, string | number>) => string;

export function speaker(language: Language): Say {
  return (word, values = {}) => {
    let text: string = words[language][word];
    for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, String(value));
    return text;
  };
}

// 24 h, seconds: people compare it with the clock on the wall.
export function clock(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
