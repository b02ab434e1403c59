/*
 * procbirth COUNT INTERVAL_US FORKS_PER_SECOND: prints "pid N", the process to be shaken, and waits for a line on
 * standard input. Then N starts COUNT threads, one every INTERVAL_US, while a child of it forks as often as asked, and
 * this process, which nobody shakes, looks at the threads' scheduling policies and notes how long after the call of
 * clone(2) each was SCHED_BATCH. Prints how many were never set within two seconds, and of the others the median, the
 * 99th percentile and the largest time.
 *
 * Both ends of the measured time are taken by SCHED_FIFO threads: on a busy machine a thread that has just been given
 * nice 19 would take long to see that it has.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "yardstick.h"

#define STACK_BYTES (16 << 10)

struct birth {
	volatile pid_t tid; /* set by the kernel inside clone(2) */
	volatile double at;
	volatile double took;
};

static void wait_seconds(double seconds)
{
	struct timespec wait = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};

	nanosleep(&wait, NULL);
}

static void be_in_time(int priority)
{
	struct sched_param parameters = {.sched_priority = priority};

	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters);
	prctl(PR_SET_TIMERSLACK, 1);
}

static int newborn(void *argument)
{
	struct birth *birth = argument;

	while (birth->took == 0)
		wait_seconds(1e-3);
	syscall(SYS_exit, 0);
	return 0;
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

static void give_birth(struct birth *births, long count, long interval_us, long per_second, int start)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
			  CLONE_PARENT_SETTID;
	char *stacks = mmap(NULL, count * STACK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	check(stacks != MAP_FAILED, "mmap");
	check(read(start, &byte, 1) == 1, "read");
	if (per_second > 0 && fork() == 0)
		fork_for_ever(1.0 / per_second);
	be_in_time(40);
	for (long i = 0; i < count; i++) {
		births[i].at = now_seconds();
		check(clone(newborn, stacks + (i + 1) * STACK_BYTES, flags, &births[i], (pid_t *)&births[i].tid) > 0,
		      "clone");
		wait_seconds(interval_us * 1e-6);
	}
	pause();
}

static void observe(struct birth *births, long count)
{
	long first = 0;

	be_in_time(50);
	while (first < count) {
		double begun = now_seconds(), spent;

		for (long i = first; i < count && births[i].tid != 0; i++) {
			if (births[i].took != 0)
				continue;
			if (syscall(SYS_sched_getscheduler, births[i].tid) == SCHED_BATCH)
				births[i].took = now_seconds() - births[i].at;
			else if (now_seconds() - births[i].at > 2)
				births[i].took = -1;
		}
		while (first < count && births[first].took != 0)
			first++;
		/* Never more than a fifth of a CPU, or the observer would be what the threads wait for. */
		spent = now_seconds() - begun;
		wait_seconds(spent > 12.5e-6 ? spent * 4 : 50e-6);
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
	struct birth *births = mmap(NULL, count * sizeof *births, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int start[2];
	long never = 0, seen;
	pid_t shaken;
	char byte;

	check(births != MAP_FAILED && pipe(start) == 0, "mmap, pipe");
	shaken = fork();
	check(shaken >= 0, "fork");
	if (shaken == 0)
		give_birth(births, count, interval_us, per_second, start[0]);
	print_figure("pid", shaken);
	fflush(stdout);
	check(read(0, &byte, 1) == 1, "read");
	check(write(start[1], "", 1) == 1, "write");
	observe(births, count);
	kill(shaken, SIGKILL);
	waitpid(shaken, NULL, 0);

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
