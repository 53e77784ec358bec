// SPDX-License-Identifier: Apache-2.0
// A word of a dictionary with its values filled in.
export type SayOf<Word extends string> = (word: Word, values?: Record<string, string | number>) => string;

export function speakerOf<Word extends string>(words: Record<Word, string>): SayOf<Word> {
  return (word, values = {}) => {
    let text: string = words[word];
    for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, String(value));
    return text;
  };
}
