// SPDX-License-Identifier: Apache-2.0
// A page to draw on: points (1/72 inch) from the top left; text by Pango, so that any script can stand in it.
// Thin over cairo; no state of its own but the surface. One thread at a time.
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

  // Title and language stand in the document's properties; no time does.
  Page(const std::string& title, const std::string& author);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  // x is the left, middle or right edge by `align`; y the top. Returns the height. Text that is not UTF-8 has
  // its wrong bytes replaced.
  double text(double x, double y, const std::string& text, const Writing& writing);
  void line(double x1, double y1, double x2, double y2, const Pen& pen);
  void fill(const Box& box, Colour colour);
  void hatch(const Box& box, Colour colour);  // slanting lines
  void dot(double x, double y, double radius, Colour colour);
  // A path point by point, drawn by stroke().
  void move_to(double x, double y);
  void line_to(double x, double y);
  void stroke(const Pen& pen);
  // What is drawn until unclip() shows only inside.
  void clip(const Box& box);
  void unclip();

  // The finished document. Throws std::runtime_error when it could not be drawn.
  std::string finish();

 private:
  struct Surface;
  std::unique_ptr<Surface> surface_;
};

}  // namespace rytme::report
