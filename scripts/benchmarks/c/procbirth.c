/*
 * procbirth COUNT INTERVAL_US FORKS_PER_SECOND: waits for a line on standard input, then starts COUNT threads, one
 * every INTERVAL_US. Each looks at its own scheduling policy until it is SCHED_BATCH and notes how long after the
 * call of pthread_create that was. Meanwhile a child forks as often as asked. Prints how many were never set within
 * two seconds, and of the others the median, the 99th percentile and the largest time.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "yardstick.h"

struct birth {
	double at;
	double took;
};

static void wait_seconds(double seconds)
{
	struct timespec wait = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};

	nanosleep(&wait, NULL);
}

static void *newborn(void *argument)
{
	struct birth *birth = argument;

	prctl(PR_SET_TIMERSLACK, 1);
	while (syscall(SYS_sched_getscheduler, 0) != SCHED_BATCH) {
		if (now_seconds() - birth->at > 2) {
			birth->took = -1;
			return NULL;
		}
		wait_seconds(50e-6);
	}
	birth->took = now_seconds() - birth->at;
	return NULL;
}

static void fork_for_ever(double every)
{
	double next = now_seconds();

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		double wait;

		if (fork() == 0)
			_exit(0);
		next += every;
		wait = next - now_seconds();
		if (wait > 0)
			wait_seconds(wait);
	}
}

static int by_time(const void *a, const void *b)
{
	double x = ((const struct birth *)a)->took, y = ((const struct birth *)b)->took;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static const char usage[] = "procbirth COUNT INTERVAL_US FORKS_PER_SECOND";
	long count = number_argument(argc, argv, 1, 1, usage);
	long interval_us = number_argument(argc, argv, 2, 1, usage);
	long per_second = number_argument(argc, argv, 3, 0, usage);
	struct birth *births = calloc(count, sizeof *births);
	pthread_t *threads = calloc(count, sizeof *threads);
	struct sched_param ordinary = {0};
	pid_t forker = -1;
	long never = 0, seen;

	check(births != NULL && threads != NULL, "calloc");
	check(getchar() != EOF, "getchar");
	if (per_second > 0) {
		forker = fork();
		check(forker >= 0, "fork");
		if (forker == 0)
			fork_for_ever(1.0 / per_second);
	}
	for (long i = 0; i < count; i++) {
		/* A newborn inherits our policy, and we are shaken too. */
		check(sched_setscheduler(0, SCHED_OTHER, &ordinary) == 0, "sched_setscheduler");
		births[i].at = now_seconds();
		check(pthread_create(&threads[i], NULL, newborn, &births[i]) == 0, "pthread_create");
		wait_seconds(interval_us * 1e-6);
	}
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	if (forker > 0) {
		kill(forker, SIGKILL);
		waitpid(forker, NULL, 0);
	}
	qsort(births, count, sizeof *births, by_time);
	while (never < count && births[never].took < 0)
		never++;
	seen = count - never;
	print_figure("never", never);
	if (seen > 0) {
		print_figure("p50_ms", births[never + seen / 2].took * 1e3);
		print_figure("p99_ms", births[never + seen * 99 / 100].took * 1e3);
		print_figure("max_ms", births[count - 1].took * 1e3);
	}
	return 0;
}
