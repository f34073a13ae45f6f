// SPDX-License-Identifier: GPL-2.0-or-later
/* Inside Qt's event loop, by a notifier for the loop's descriptor. */
#include "fixture.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <cstdio>

int main(int argc, char **argv)
{
	QCoreApplication application(argc, argv);

	fixture_begin([](void *) { QCoreApplication::quit(); }, nullptr);
	QSocketNotifier notifier(fixture_fd(), QSocketNotifier::Read);
	QObject::connect(&notifier, &QSocketNotifier::activated,
		[](QSocketDescriptor, QSocketNotifier::Type) { fixture_dispatch(); });
	application.exec();
	notifier.setEnabled(false);
	fixture_end();
	std::puts("TAP version 13\n1..1\nok 1 - /attach/qt");
	return 0;
}
