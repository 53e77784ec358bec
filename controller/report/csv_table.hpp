// SPDX-License-Identifier: Apache-2.0
// Cells and lines of RFC 4180: UTF-8, CRLF. Pure.
#pragma once

#include <span>
#include <string>

#include "controller/report/export.hpp"

namespace rytme::report {

// A number as it stands in a cell of such a table: shortest exact form, comma for a point where ';'
// separates.
std::string number_cell(double number, Separator separator);

// Texts come from devices and people: what a spreadsheet would take for a formula gets an apostrophe before
// it, what is not UTF-8 is marked.
std::string text_cell(const std::string& raw);

// Cells quoted where they must be, separated, ended by CRLF.
std::string csv_line(std::span<const std::string> cells, Separator separator);

// What a file begins with: a byte order mark where ';' separates, else nothing.
std::string csv_start(Separator separator);

}  // namespace rytme::report
