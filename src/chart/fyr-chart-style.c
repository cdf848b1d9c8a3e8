/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-chart-style.h"

#include <math.h>

#define RGB(hex)                                                                                             \
  {                                                                                                          \
    ((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex)&0xff) / 255.0, 1.0                     \
  }
#define RGBA(hex, a)                                                                                         \
  {                                                                                                          \
    ((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex)&0xff) / 255.0, (a)                     \
  }

static const FyrChartStyle light = {
  .background = RGB (0xffffff),
  .plot = RGB (0xffffff),
  .text = RGB (0x24272b),
  .dim_text = RGB (0x5a626b),
  .grid = RGB (0xe9ecef),
  .frame = RGB (0xc3c9d0),
  .cursor = RGB (0x3d4650),
  .caution = RGB (0x946200),
  .caution_fill = RGBA (0xf5c211, 0.13),
  .alarm = RGB (0xb3202a),
  .alarm_fill = RGBA (0xe01b24, 0.10),
  .doubtful = RGB (0x6b7280),
  .series = { RGB (0x1a5fb4), RGB (0x0f766e), RGB (0x7b3fa0), RGB (0x8a4b16) },
  .line_width = 1.6,
};

static const FyrChartStyle dark = {
  .background = RGB (0x1e1e20),
  .plot = RGB (0x1e1e20),
  .text = RGB (0xf2f3f5),
  .dim_text = RGB (0xb0b7c0),
  .grid = RGB (0x303236),
  .frame = RGB (0x565b63),
  .cursor = RGB (0xd4d9e0),
  .caution = RGB (0xf0c24b),
  .caution_fill = RGBA (0xf5c211, 0.11),
  .alarm = RGB (0xff7b75),
  .alarm_fill = RGBA (0xff5449, 0.14),
  .doubtful = RGB (0x9aa3ae),
  .series = { RGB (0x7ab3f5), RGB (0x5fd0b8), RGB (0xcb9cf2), RGB (0xe8a86a) },
  .line_width = 1.6,
};

static const FyrChartColor white = RGB (0xffffff);
static const FyrChartColor black = RGB (0x000000);

void
fyr_chart_style_init (FyrChartStyle *style, gboolean is_dark, gboolean high_contrast)
{
  *style = is_dark ? dark : light;
  if (!high_contrast) {
    return;
  }
  style->background = style->plot = is_dark ? black : white;
  style->text = style->dim_text = style->cursor = is_dark ? white : black;
  style->frame = is_dark ? (FyrChartColor)RGB (0xa0a0a0) : (FyrChartColor)RGB (0x606060);
  style->grid = is_dark ? (FyrChartColor)RGB (0x6a6a6a) : (FyrChartColor)RGB (0xb0b0b0);
  style->line_width = 2.4;
  if (is_dark) {
    style->caution = (FyrChartColor)RGB (0xffd75e);
    style->alarm = (FyrChartColor)RGB (0xff9d98);
  } else {
    style->caution = (FyrChartColor)RGB (0x5e3f00);
    style->alarm = (FyrChartColor)RGB (0x8f0010);
    style->series[0] = (FyrChartColor)RGB (0x0b3f80);
    style->series[1] = (FyrChartColor)RGB (0x07504a);
  }
  style->doubtful = style->text;
}

static double
linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const FyrChartColor *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

double
fyr_chart_color_contrast (const FyrChartColor *a, const FyrChartColor *b)
{
  double x = luminance (a), y = luminance (b);
  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}
