/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First frame and pan of Qwt, as bench-chart measures ours: qwt POINTS PANELS prints {"first": ms, "pan": ms}. */
#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QPen>
#include <QVector>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <qwt_plot.h>
#include <qwt_plot_curve.h>
#include <vector>

namespace {

const int width = 1200, height = 500, runs = 3, pans = 5;

double
median (std::vector<double> values)
{
  std::sort (values.begin (), values.end ());
  return values[values.size () / 2];
}

QVector<double>
make_values (int n, quint32 state)
{
  QVector<double> values (n);
  for (int i = 0; i < n; i++) {
    state = state * 1664525u + 1013904223u;
    values[i] = 94 + 3 * std::sin (i / 500.0) + state / 4294967296.0 - (state % 9973 == 0 ? 20 : 0);
  }
  return values;
}

std::unique_ptr<QwtPlot>
make_plot (const QVector<double> &times, const QVector<double> &values)
{
  auto plot = std::make_unique<QwtPlot> ();
  auto curve = new QwtPlotCurve ("SpO2"); /* the plot's own once attached */
  curve->setPen (QPen (QColor (0x1a, 0x5f, 0xb4), 1.6));
  curve->setRenderHint (QwtPlotItem::RenderAntialiased);
  curve->setPaintAttribute (QwtPlotCurve::FilterPoints);
  curve->setSamples (times, values);
  curve->attach (plot.get ());
  plot->setAxisScale (QwtPlot::yLeft, 70, 100);
  plot->resize (width, height);
  return plot;
}

void
draw (QwtPlot &plot, QImage &image)
{
  plot.replot ();
  plot.render (&image);
}

} // namespace

int
main (int argc, char **argv)
{
  QApplication application (argc, argv);
  int n_points = argc > 2 ? std::atoi (argv[1]) : 1000, n_panels = argc > 2 ? std::atoi (argv[2]) : 1;
  QVector<double> times (n_points);
  for (int i = 0; i < n_points; i++) {
    times[i] = 1700000000.0 + i * 60.0;
  }
  std::vector<QVector<double>> values;
  for (int i = 0; i < n_panels; i++) {
    values.push_back (make_values (n_points, 7 + i));
  }
  std::vector<double> first, pan;
  QImage image (width, height, QImage::Format_RGB32);
  std::vector<std::unique_ptr<QwtPlot>> plots;
  for (int run = 0; run < runs; run++) {
    plots.clear ();
    QElapsedTimer timer;
    timer.start ();
    for (int i = 0; i < n_panels; i++) {
      plots.push_back (make_plot (times, values[i]));
      draw (*plots.back (), image);
    }
    first.push_back (timer.nsecsElapsed () / 1e6);
  }
  double span = n_points * 60.0;
  for (int run = 0; run < pans; run++) {
    double offset = 1700000000.0 + span * 3.3 * (run + 1) / width;
    QElapsedTimer timer;
    timer.start ();
    for (auto &plot : plots) {
      plot->setAxisScale (QwtPlot::xBottom, offset, offset + span);
      draw (*plot, image);
    }
    pan.push_back (timer.nsecsElapsed () / 1e6);
  }
  std::printf ("{\"first\": %.4f, \"pan\": %.4f}\n", median (first), median (pan));
  return 0;
}
