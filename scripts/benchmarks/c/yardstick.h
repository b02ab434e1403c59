/*
 * What the yardsticks share. Each prints one figure a line, "name value", and nothing else, so that the harness reads
 * them without knowing them. Anything unexpected ends the program: a wrong figure is worse than none.
 */
#ifndef YARDSTICK_H
#define YARDSTICK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

static inline void check(int ok, const char *what)
{
	if (!ok)
		die(what);
}

/* The argument as a number of at least `least`; `usage` is printed when it is not there. */
static inline long number_argument(int argc, char **argv, int index, long least, const char *usage)
{
	long value = index < argc ? strtol(argv[index], NULL, 10) : least - 1;

	if (value < least) {
		fprintf(stderr, "usage: %s\n", usage);
		exit(2);
	}
	return value;
}

static inline void print_figure(const char *name, double value)
{
	printf("%s %.9g\n", name, value);
}

#endif
