/*
 * fsb DIR N [PART...]: rates of file operations in DIR, made of N rounds each; all parts unless some are named:
 *   meta    mkdir + rmdir, operations a second
 *   create  create, write 4 KiB, close; files a second
 *   stat    stat of a hundred files, calls a second
 *   read    random 4 KiB O_DIRECT reads of a 16 MiB file, reads a second
 *   seq     256 MiB written, then read after the mount's own cache was dropped; MiB a second of each and of both
 *   seqhot  the same, read from whatever cache the file is in
 * What it made is removed at the end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "yardstick.h"

#define FILES 100
#define BLOCK 4096
#define READ_FILE_BYTES (16L << 20)
#define CHUNK (1L << 20)
#define SEQ_BYTES (256L << 20)

static const char usage[] = "fsb DIR N [meta|create|stat|read|seq|seqhot]...";
static char block[BLOCK];
static char name[32];

static const char *file_name(long i)
{
	snprintf(name, sizeof(name), "f%ld", i % FILES);
	return name;
}

static void write_file(const char *path, const char *data, size_t size)
{
	int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644);

	check(fd >= 0, "create");
	check(write(fd, data, size) == (ssize_t)size, "write");
	check(close(fd) == 0, "close");
}

static void meta(long count)
{
	double start = now_seconds();

	for (long i = 0; i < count; i++) {
		check(mkdir("d", 0755) == 0, "mkdir");
		check(rmdir("d") == 0, "rmdir");
	}
	print_figure("meta", 2 * count / (now_seconds() - start));
}

static void create(long count)
{
	double start = now_seconds();

	for (long i = 0; i < count; i++)
		write_file(file_name(i), block, sizeof(block));
	print_figure("create", count / (now_seconds() - start));
}

static void stat_files(long count)
{
	struct stat status;

	for (long i = 0; i < FILES; i++)
		write_file(file_name(i), block, sizeof(block));
	double start = now_seconds();

	for (long i = 0; i < count; i++)
		check(stat(file_name(i), &status) == 0, "stat");
	print_figure("stat", count / (now_seconds() - start));
}

static char *chunk(void)
{
	void *memory;

	check(posix_memalign(&memory, BLOCK, CHUNK) == 0, "posix_memalign");
	memset(memory, 7, CHUNK);
	return memory;
}

static void read_random(long count)
{
	char *buffer = chunk();
	int fd = open("big", O_CREAT | O_RDWR | O_TRUNC, 0644);

	check(fd >= 0, "open");
	for (long at = 0; at < READ_FILE_BYTES; at += CHUNK)
		check(pwrite(fd, buffer, CHUNK, at) == CHUNK, "pwrite");
	close(fd);
	fd = open("big", O_RDONLY | O_DIRECT);
	check(fd >= 0, "open O_DIRECT");
	srand(1);
	double start = now_seconds();

	for (long i = 0; i < count; i++) {
		off_t at = (off_t)(rand() % (READ_FILE_BYTES / BLOCK)) * BLOCK;

		check(pread(fd, buffer, BLOCK, at) == BLOCK, "pread");
	}
	print_figure("read", count / (now_seconds() - start));
	close(fd);
	free(buffer);
}

/* The whole time of writing and then reading: a mount that is fast in one and slow in the other gains nothing. */
static void sequential(int drops_cache)
{
	char *buffer = chunk();
	int fd = open("seq", O_CREAT | O_RDWR | O_TRUNC, 0644);
	double start, written, got;

	check(fd >= 0, "open");
	sync(); /* what was written before must not be written back during the measurement */
	start = now_seconds();
	for (long at = 0; at < SEQ_BYTES; at += CHUNK)
		check(write(fd, buffer, CHUNK) == CHUNK, "write");
	written = now_seconds() - start;
	/* The disk is not measured, and pages that are not on it yet would not be dropped. */
	check(fsync(fd) == 0, "fsync");
	if (drops_cache)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);

	fd = open("seq", O_RDONLY);
	check(fd >= 0, "open");
	start = now_seconds();
	for (long at = 0; at < SEQ_BYTES; at += CHUNK)
		check(read(fd, buffer, CHUNK) == CHUNK, "read");
	got = now_seconds() - start;
	print_figure("seq_write", (SEQ_BYTES >> 20) / written);
	print_figure("seq_read", (SEQ_BYTES >> 20) / got);
	print_figure("seq", 2 * (SEQ_BYTES >> 20) / (written + got));
	close(fd);
	free(buffer);
}

static int wanted(int argc, char **argv, const char *part)
{
	for (int i = 3; i < argc; i++)
		if (strcmp(argv[i], part) == 0)
			return 1;
	return argc <= 3;
}

int main(int argc, char **argv)
{
	long count = number_argument(argc, argv, 2, 1, usage);

	check(chdir(argv[1]) == 0, argv[1]);
	if (wanted(argc, argv, "meta"))
		meta(count);
	if (wanted(argc, argv, "create"))
		create(count);
	if (wanted(argc, argv, "stat"))
		stat_files(count * 3);
	if (wanted(argc, argv, "read"))
		read_random(count);
	if (wanted(argc, argv, "seq"))
		sequential(1);
	if (argc > 3 && wanted(argc, argv, "seqhot"))
		sequential(0);
	for (long i = 0; i < FILES; i++)
		unlink(file_name(i));
	unlink("big");
	unlink("seq");
	return 0;
}
