// SPDX-License-Identifier: Apache-2.0
// Built files -> one C++ source with their bytes, as they are and packed. usage: embed.mjs DIST CPP_FILE
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const [dist, cppFile] = process.argv.slice(2);
const pages = ["staff", "review", "devices"];
const manifests = pages.map((page) => JSON.parse(readFileSync(join(dist, `.vite/${page}.json`), "utf8")));
const types = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

const entries = manifests.map((manifest, i) => manifest[`${pages[i]}/main.tsx`]);
const files = [...new Set(manifests.flatMap((manifest) => Object.values(manifest)).flatMap((entry) => [entry.file, ...(entry.css ?? [])]))];

function bytes(name, data) {
  const lines = [];
  for (let i = 0; i < data.length; i += 24) {
    lines.push("    " + [...data.subarray(i, i + 24)].map((byte) => `${byte},`).join(""));
  }
  return `constexpr std::array<unsigned char, ${data.length}> ${name}{{\n${lines.join("\n")}\n}};\n`;
}

const parts = files.map((file, i) => {
  const plain = readFileSync(join(dist, file));
  return bytes(`plain_${i}`, plain) + bytes(`gzip_${i}`, gzipSync(plain, { level: 9 }));
});
const rows = files.map(
  (file, i) => `    {"${basename(file)}", "${types[extname(file)]}", view(plain_${i}), view(gzip_${i})},`,
);

mkdirSync(dirname(cppFile), { recursive: true });
writeFileSync(
  cppFile,
  `// SPDX-License-Identifier: Apache-2.0
// Made from the built dashboards.
#include "controller/web/assets.hpp"

#include <array>

namespace rytme::web {
namespace {

${parts.join("\n")}
template <std::size_t size>
std::string_view view(const std::array<unsigned char, size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

const std::array<Asset, ${files.length}>& assets() {
  static const std::array<Asset, ${files.length}> all{{
${rows.join("\n")}
  }};
  return all;
}

}  // namespace

const Asset* find_asset(std::string_view name) {
  for (const Asset& asset : assets())
    if (asset.name == name) return &asset;
  return nullptr;
}

${entries
  .map(
    (entry, i) => `std::string_view ${pages[i]}_script() { return "/assets/${basename(entry.file)}"; }
std::string_view ${pages[i]}_style() { return "/assets/${basename(entry.css[0])}"; }`,
  )
  .join("\n")}

}  // namespace rytme::web
`,
);
