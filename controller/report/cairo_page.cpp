// SPDX-License-Identifier: Apache-2.0
// A page by cairo and Pango: a library of its own, loaded when a page is wanted (page_library.cpp).
#include <cmath>
#include <stdexcept>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "controller/report/drawing.hpp"

namespace rytme::report {
namespace {

using Layout = std::unique_ptr<PangoLayout, decltype([](PangoLayout* one) { g_object_unref(one); })>;
using Font = std::unique_ptr<PangoFontDescription,
                             decltype([](PangoFontDescription* one) { pango_font_description_free(one); })>;
using Text = std::unique_ptr<char, decltype([](char* one) { g_free(one); })>;

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

struct Surface {
  std::string bytes;
  std::unique_ptr<cairo_surface_t, decltype([](cairo_surface_t* one) { cairo_surface_destroy(one); })>
      surface;
  std::unique_ptr<cairo_t, decltype([](cairo_t* one) { cairo_destroy(one); })> cairo;

  void use(Colour colour) const {
    cairo_set_source_rgba(cairo.get(), colour.red, colour.green, colour.blue, colour.opacity);
  }
  void use(const Pen& pen) const {
    use(pen.colour);
    cairo_set_line_width(cairo.get(), pen.width);
    cairo_set_dash(cairo.get(), &pen.dash, pen.dash > 0 ? 1 : 0, 0);
  }
};

class CairoPage final : public Page {
 public:
  CairoPage(const std::string& title, const std::string& author);
  double text(double x, double y, const std::string& text, const Writing& writing) override;
  void line(double x1, double y1, double x2, double y2, const Pen& pen) override;
  void fill(const Box& box, Colour colour) override;
  void hatch(const Box& box, Colour colour) override;
  void dot(double x, double y, double radius, Colour colour) override;
  void move_to(double x, double y) override;
  void line_to(double x, double y) override;
  void stroke(const Pen& pen) override;
  void clip(const Box& box) override;
  void unclip() override;
  std::string finish() override;

 private:
  std::unique_ptr<Surface> surface_;
};

CairoPage::CairoPage(const std::string& title, const std::string& author)
    : surface_(std::make_unique<Surface>()) {
  surface_->surface.reset(cairo_pdf_surface_create_for_stream(append, &surface_->bytes, width, height));
  surface_->cairo.reset(cairo_create(surface_->surface.get()));
  auto* surface = surface_->surface.get();
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
}

double CairoPage::text(double x, double y, const std::string& text, const Writing& writing) {
  auto* cairo = surface_->cairo.get();
  const Layout layout(pango_cairo_create_layout(cairo));
  const Font font(pango_font_description_from_string("DejaVu Sans"));
  pango_font_description_set_absolute_size(font.get(), writing.size * PANGO_SCALE);
  if (writing.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font.get());
  if (writing.width > 0) {
    pango_layout_set_width(layout.get(), static_cast<int>(writing.width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    if (!writing.wrap) pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  pango_layout_set_single_paragraph_mode(layout.get(), writing.width <= 0 || !writing.wrap);
  const Text valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  pango_layout_set_text(layout.get(), valid.get(), -1);
  int across = 0, down = 0;
  pango_layout_get_size(layout.get(), &across, &down);
  const double extent = static_cast<double>(across) / PANGO_SCALE;
  const double shift = writing.align == Writing::Align::right    ? extent
                       : writing.align == Writing::Align::centre ? extent / 2
                                                                 : 0;
  surface_->use(writing.colour);
  cairo_move_to(cairo, x - shift, y);
  pango_cairo_show_layout(cairo, layout.get());
  return static_cast<double>(down) / PANGO_SCALE;
}

void CairoPage::line(double x1, double y1, double x2, double y2, const Pen& pen) {
  move_to(x1, y1);
  line_to(x2, y2);
  stroke(pen);
}

void CairoPage::fill(const Box& box, Colour colour) {
  surface_->use(colour);
  cairo_rectangle(surface_->cairo.get(), box.x, box.y, box.width, box.height);
  cairo_fill(surface_->cairo.get());
}

void CairoPage::hatch(const Box& box, Colour colour) {
  constexpr double step = 3;
  clip(box);
  const auto strokes = static_cast<int>(std::ceil((box.width + box.height) / step));
  for (int i = 0; i < strokes; ++i) {
    const double x = box.x - box.height + i * step;
    move_to(x, box.bottom());
    line_to(x + box.height, box.y);
  }
  stroke({colour, 0.4});
  unclip();
}

void CairoPage::dot(double x, double y, double radius, Colour colour) {
  surface_->use(colour);
  cairo_arc(surface_->cairo.get(), x, y, radius, 0, 2 * G_PI);
  cairo_fill(surface_->cairo.get());
}

void CairoPage::move_to(double x, double y) { cairo_move_to(surface_->cairo.get(), x, y); }
void CairoPage::line_to(double x, double y) { cairo_line_to(surface_->cairo.get(), x, y); }

void CairoPage::stroke(const Pen& pen) {
  surface_->use(pen);
  cairo_stroke(surface_->cairo.get());
}

void CairoPage::clip(const Box& box) {
  cairo_save(surface_->cairo.get());
  cairo_rectangle(surface_->cairo.get(), box.x, box.y, box.width, box.height);
  cairo_clip(surface_->cairo.get());
}

void CairoPage::unclip() { cairo_restore(surface_->cairo.get()); }

std::string CairoPage::finish() {
  cairo_show_page(surface_->cairo.get());
  const auto drawn = cairo_status(surface_->cairo.get());
  surface_->cairo.reset();
  cairo_surface_finish(surface_->surface.get());
  const auto written = cairo_surface_status(surface_->surface.get());
  for (const auto status : {drawn, written})
    if (status != CAIRO_STATUS_SUCCESS)
      throw std::runtime_error(std::string("the page cannot be drawn: ") + cairo_status_to_string(status));
  return std::move(surface_->bytes);
}

}  // namespace

}  // namespace rytme::report

extern "C" rytme::report::Page* rytme_new_page(const std::string* title, const std::string* author) {
  return new rytme::report::CairoPage(*title,
                                      *author);  // NOLINT(cppcoreguidelines-owning-memory): the caller's
}
