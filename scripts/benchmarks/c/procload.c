/*
 * procload PROCESSES THREADS: prints "pid N", its own, waits for a line on standard input, starts that many processes of that many threads
 * each, all asleep, prints "ready 1", and ends with its standard input. What a sweep over threads is timed on.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "yardstick.h"

static void *sleeper(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static void be_one(long threads, int ready)
{
	pthread_attr_t small;
	pthread_t thread;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 << 10);
	for (long i = 1; i < threads; i++)
		check(pthread_create(&thread, &small, sleeper, NULL) == 0, "pthread_create");
	check(write(ready, "", 1) == 1, "write");
	sleeper(NULL);
}

int main(int argc, char **argv)
{
	static const char usage[] = "procload PROCESSES THREADS";
	long processes = number_argument(argc, argv, 1, 1, usage);
	long threads = number_argument(argc, argv, 2, 1, usage);
	int ready[2];
	char byte;

	check(pipe(ready) == 0, "pipe");
	print_figure("pid", getpid());
	fflush(stdout);
	check(read(0, &byte, 1) == 1, "read");
	for (long i = 0; i < processes; i++) {
		pid_t child = fork();

		check(child >= 0, "fork");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			be_one(threads, ready[1]);
		}
	}
	for (long i = 0; i < processes; i++)
		check(read(ready[0], &byte, 1) == 1, "read");
	print_figure("ready", 1);
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
