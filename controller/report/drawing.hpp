// SPDX-License-Identifier: Apache-2.0
// A page to draw on: points (1/72 inch) from the top left; text by Pango, so that any script can stand in it.
// One thread at a time.
#pragma once

#include <memory>
#include <string>

namespace rytme::report {

struct Colour {
  double red{}, green{}, blue{}, opacity{1};
};

struct Box {
  double x{}, y{}, width{}, height{};
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

struct Pen {
  Colour colour;
  double width{0.5};
  double dash{};  // length of dashes and gaps; 0 = solid
};

struct Writing {
  double size{7};
  Colour colour{};
  bool bold{};
  enum class Align { left, centre, right } align{Align::left};
  double width{};   // 0 = as wide as it is
  bool wrap{true};  // at `width`; else it ends there with …
};

class Page {
 public:
  static constexpr double width = 595.28, height = 841.89;  // A4

  virtual ~Page() = default;

  // x is the left, middle or right edge by `align`; y the top. Returns the height. Text that is not UTF-8 has
  // its wrong bytes replaced.
  virtual double text(double x, double y, const std::string& text, const Writing& writing) = 0;
  virtual void line(double x1, double y1, double x2, double y2, const Pen& pen) = 0;
  virtual void fill(const Box& box, Colour colour) = 0;
  virtual void hatch(const Box& box, Colour colour) = 0;  // slanting lines
  virtual void dot(double x, double y, double radius, Colour colour) = 0;
  // A path point by point, drawn by stroke().
  virtual void move_to(double x, double y) = 0;
  virtual void line_to(double x, double y) = 0;
  virtual void stroke(const Pen& pen) = 0;
  // What is drawn until unclip() shows only inside.
  virtual void clip(const Box& box) = 0;
  virtual void unclip() = 0;

  // The finished document. Throws std::runtime_error when it could not be drawn.
  virtual std::string finish() = 0;
};

// Title and author stand in the document's properties; no time does. What draws is a library that is loaded
// with the first page: a room that nobody reviews does not carry it. Throws std::runtime_error when it is not
// beside the program.
std::unique_ptr<Page> new_page(const std::string& title, const std::string& author);

}  // namespace rytme::report
