// SPDX-License-Identifier: Apache-2.0
// Dictionary -> TypeScript and, for what the controller renders itself, C++. usage: words.mjs DICTIONARY TS_FILE [CPP_FOLDER]
// Fails when a key is missing in a language, is empty, or asks for other values in one language than in another.
// A key that is used but not defined fails in the compilers: both languages get closed types.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const languages = ["nb", "en"];
const [dictionaryFile, tsFile, cppFolder] = process.argv.slice(2);
const dictionary = JSON.parse(readFileSync(dictionaryFile, "utf8"));

const marksIn = (text) => (text.match(/\{[a-z]+\}/g) ?? []).sort().join(" ");

function faultsOf(key, texts) {
  const faults = [];
  if (!/^[a-z][a-z0-9_]*$/.test(key)) faults.push(`${key}: keys are lower_snake`);
  for (const language of languages) {
    if (typeof texts[language] !== "string" || texts[language].trim() === "") {
      faults.push(`${key}: has no text in ${language}`);
    } else if (marksIn(texts[language]) !== marksIn(texts[languages[0]] ?? "")) {
      faults.push(`${key}: ${language} asks for other values than ${languages[0]}`);
    }
  }
  for (const language of Object.keys(texts)) {
    if (!languages.includes(language)) faults.push(`${key}: ${language} is not a language of this product`);
  }
  return faults;
}

const faults = Object.entries(dictionary).flatMap(([key, texts]) => faultsOf(key, texts));
if (faults.length > 0) {
  for (const fault of faults) console.error(`${dictionaryFile}: ${fault}`);
  process.exit(1);
}

const keys = Object.keys(dictionary);
const note = `// SPDX-License-Identifier: Apache-2.0\n// Made from dashboards/${basename(dirname(dictionaryFile))}/dictionary.json.\n`;

const header = `${note}#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rytme::web {

enum class Language : std::uint8_t { ${languages.join(", ")} };

enum class Word : std::uint16_t {
${keys.map((key) => `  ${key},`).join("\n")}
};

inline constexpr std::size_t word_count = ${keys.length};
extern const std::array<std::array<std::string_view, ${languages.length}>, word_count> words;

inline std::string_view text(Word word, Language language) {
  return words[static_cast<std::size_t>(word)][static_cast<std::size_t>(language)];
}

}  // namespace rytme::web
`;

const row = (key) => `    {{${languages.map((language) => JSON.stringify(dictionary[key][language])).join(", ")}}},`;
const source = `${note}#include "controller/web/words.hpp"

namespace rytme::web {

const std::array<std::array<std::string_view, ${languages.length}>, word_count> words{{
${keys.map(row).join("\n")}
}};

}  // namespace rytme::web
`;

const column = (language) =>
  `  ${language}: {\n${keys.map((key) => `    ${key}: ${JSON.stringify(dictionary[key][language])},`).join("\n")}\n  },`;
const script = `${note}export const words = {
${languages.map(column).join("\n")}
} as const;
export type Language = keyof typeof words;
export type Word = keyof (typeof words)["nb"];
`;

mkdirSync(dirname(tsFile), { recursive: true });
writeFileSync(tsFile, script);
if (cppFolder) {
  mkdirSync(cppFolder, { recursive: true });
  writeFileSync(join(cppFolder, "words.hpp"), header);
  writeFileSync(join(cppFolder, "words.cpp"), source);
}
