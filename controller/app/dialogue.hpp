// SPDX-License-Identifier: Apache-2.0
// A command that asks: secrets come from the terminal without being shown, or from standard input, never from
// the words of the command line, which every process can read.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

namespace rytme::app {

class Dialogue {
 public:
  virtual ~Dialogue() = default;
  virtual bool is_person() const = 0;  // somebody sits there and can be asked again
  // One line; nullopt: there is none.
  virtual std::optional<std::string> ask(const std::string& question, bool secret) = 0;
  virtual std::ostream& out() = 0;
  virtual std::ostream& err() = 0;
};

class Terminal final : public Dialogue {
 public:
  // `in` must be standard input when it is a terminal.
  Terminal(std::istream& in, std::ostream& out, std::ostream& err) : in_(in), out_(out), err_(err) {}
  bool is_person() const override;
  std::optional<std::string> ask(const std::string& question, bool secret) override;
  std::ostream& out() override { return out_; }
  std::ostream& err() override { return err_; }

 private:
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace rytme::app
