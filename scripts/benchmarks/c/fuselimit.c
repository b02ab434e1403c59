/*
 * fuselimit SOURCE MOUNTPOINT: the folder SOURCE mirrored on MOUNTPOINT with libfuse3's low-level interface, the practical
 * limit for any FUSE server. Prints "ready" when it serves; SIGTERM unmounts. Inodes are O_PATH descriptors, data goes by splice
 * where the kernel can, as many threads as libfuse likes: the design of libfuse's own passthrough_ll, written anew because that
 * one is GPL. Serves what the measurements use, and no more.
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 34
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "yardstick.h"

#define BUCKETS 65536
#define CACHE_SECONDS 1.0

struct node {
	struct node *next;
	int fd;
	dev_t device;
	ino_t number;
	uint64_t lookups;
};

static struct node root;
static struct node *buckets[BUCKETS];
static pthread_mutex_t nodes_lock = PTHREAD_MUTEX_INITIALIZER;

static struct node *node_of(fuse_ino_t ino)
{
	return ino == FUSE_ROOT_ID ? &root : (struct node *)(uintptr_t)ino;
}

static int fd_of(fuse_ino_t ino)
{
	return node_of(ino)->fd;
}

static void proc_path(char path[32], fuse_ino_t ino)
{
	snprintf(path, 32, "/proc/self/fd/%d", fd_of(ino));
}

static struct node **bucket_of(dev_t device, ino_t number)
{
	return &buckets[(number ^ device * 31) % BUCKETS];
}

/* Finds or makes the node of parent/name and counts one lookup. 0, or an errno. */
static int find_entry(fuse_ino_t parent, const char *name, struct fuse_entry_param *entry)
{
	struct node **bucket, *node;
	int fd = openat(fd_of(parent), name, O_PATH | O_NOFOLLOW);

	memset(entry, 0, sizeof(*entry));
	entry->attr_timeout = entry->entry_timeout = CACHE_SECONDS;
	if (fd < 0)
		return errno;
	if (fstatat(fd, "", &entry->attr, AT_EMPTY_PATH) != 0) {
		int error = errno;

		close(fd);
		return error;
	}
	pthread_mutex_lock(&nodes_lock);
	bucket = bucket_of(entry->attr.st_dev, entry->attr.st_ino);
	for (node = *bucket; node; node = node->next)
		if (node->number == entry->attr.st_ino && node->device == entry->attr.st_dev)
			break;
	if (node) {
		close(fd);
	} else {
		node = calloc(1, sizeof(*node));
		check(node != NULL, "calloc");
		*node = (struct node){ *bucket, fd, entry->attr.st_dev, entry->attr.st_ino, 0 };
		*bucket = node;
	}
	node->lookups++;
	pthread_mutex_unlock(&nodes_lock);
	entry->ino = (uintptr_t)node;
	return 0;
}

static void forget_node(fuse_ino_t ino, uint64_t lookups)
{
	struct node *node = node_of(ino), **link;

	if (node == &root)
		return;
	pthread_mutex_lock(&nodes_lock);
	node->lookups -= lookups;
	if (node->lookups == 0) {
		link = bucket_of(node->device, node->number);
		while (*link != node)
			link = &(*link)->next;
		*link = node->next;
		close(node->fd);
		free(node);
	}
	pthread_mutex_unlock(&nodes_lock);
}

static void reply_entry(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry;
	int error = find_entry(parent, name, &entry);

	if (error)
		fuse_reply_err(req, error);
	else
		fuse_reply_entry(req, &entry);
}

static void reply_result(fuse_req_t req, int result)
{
	fuse_reply_err(req, result < 0 ? errno : 0);
}

/* The connection is left as libfuse sets it up, as passthrough_ll leaves it. */
static void do_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	(void)connection;
	puts("ready");
	fflush(stdout);
}

static void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	reply_entry(req, parent, name);
}

static void do_forget(fuse_req_t req, fuse_ino_t ino, uint64_t lookups)
{
	forget_node(ino, lookups);
	fuse_reply_none(req);
}

static void do_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
	for (size_t i = 0; i < count; i++)
		forget_node(forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

static void do_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *file)
{
	struct stat status;

	(void)file;
	if (fstatat(fd_of(ino), "", &status, AT_EMPTY_PATH) != 0)
		fuse_reply_err(req, errno);
	else
		fuse_reply_attr(req, &status, CACHE_SECONDS);
}

static void do_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *wanted, int valid, struct fuse_file_info *file)
{
	char path[32];
	int result = 0;

	proc_path(path, ino);
	if (valid & FUSE_SET_ATTR_MODE)
		result = chmod(path, wanted->st_mode);
	if (result == 0 && (valid & FUSE_SET_ATTR_SIZE))
		result = file ? ftruncate(file->fh, wanted->st_size) : truncate(path, wanted->st_size);
	if (result == 0 && (valid & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME))) {
		struct timespec times[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };

		if (valid & FUSE_SET_ATTR_ATIME)
			times[0] = valid & FUSE_SET_ATTR_ATIME_NOW ? (struct timespec){ 0, UTIME_NOW } : wanted->st_atim;
		if (valid & FUSE_SET_ATTR_MTIME)
			times[1] = valid & FUSE_SET_ATTR_MTIME_NOW ? (struct timespec){ 0, UTIME_NOW } : wanted->st_mtim;
		result = utimensat(AT_FDCWD, path, times, 0);
	}
	if (result != 0)
		fuse_reply_err(req, errno);
	else
		do_getattr(req, ino, file);
}

static void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	if (mkdirat(fd_of(parent), name, mode) != 0)
		fuse_reply_err(req, errno);
	else
		reply_entry(req, parent, name);
}

static void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	reply_result(req, unlinkat(fd_of(parent), name, AT_REMOVEDIR));
}

static void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	reply_result(req, unlinkat(fd_of(parent), name, 0));
}

/* O_DIRECT is the client's wish for its own cache; the folder behind is read and written through the cache, as we do. */
static int backing_flags(const struct fuse_file_info *file)
{
	return file->flags & ~(O_NOFOLLOW | O_DIRECT);
}

static void do_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *file)
{
	char path[32];
	int fd;

	proc_path(path, ino);
	fd = open(path, backing_flags(file));
	if (fd < 0) {
		fuse_reply_err(req, errno);
		return;
	}
	file->fh = fd;
	fuse_reply_open(req, file);
}

static void do_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *file)
{
	struct fuse_entry_param entry;
	int error, fd = openat(fd_of(parent), name, (backing_flags(file) | O_CREAT), mode);

	if (fd < 0) {
		fuse_reply_err(req, errno);
		return;
	}
	error = find_entry(parent, name, &entry);
	if (error) {
		close(fd);
		fuse_reply_err(req, error);
		return;
	}
	file->fh = fd;
	fuse_reply_create(req, &entry, file);
}

static void do_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, struct fuse_file_info *file)
{
	struct fuse_bufvec data = FUSE_BUFVEC_INIT(size);

	(void)ino;
	data.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	data.buf[0].fd = file->fh;
	data.buf[0].pos = offset;
	fuse_reply_data(req, &data, FUSE_BUF_SPLICE_MOVE);
}

static void do_write_buf(fuse_req_t req, fuse_ino_t ino, struct fuse_bufvec *from, off_t offset,
			 struct fuse_file_info *file)
{
	struct fuse_bufvec to = FUSE_BUFVEC_INIT(fuse_buf_size(from));
	ssize_t count;

	(void)ino;
	to.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	to.buf[0].fd = file->fh;
	to.buf[0].pos = offset;
	count = fuse_buf_copy(&to, from, 0);
	if (count < 0)
		fuse_reply_err(req, -count);
	else
		fuse_reply_write(req, count);
}

/* What POSIX says of close: the errors of the descriptor behind are told here. */
static void do_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *file)
{
	(void)ino;
	reply_result(req, close(dup(file->fh)));
}

static void do_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *file)
{
	(void)ino;
	close(file->fh);
	fuse_reply_err(req, 0);
}

static void do_fsync(fuse_req_t req, fuse_ino_t ino, int is_data_only, struct fuse_file_info *file)
{
	(void)ino;
	reply_result(req, is_data_only ? fdatasync(file->fh) : fsync(file->fh));
}

static void do_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct statvfs space;

	if (fstatvfs(fd_of(ino), &space) != 0)
		fuse_reply_err(req, errno);
	else
		fuse_reply_statfs(req, &space);
}

static const struct fuse_lowlevel_ops operations = {
	.init = do_init,
	.lookup = do_lookup,
	.forget = do_forget,
	.forget_multi = do_forget_multi,
	.getattr = do_getattr,
	.setattr = do_setattr,
	.mkdir = do_mkdir,
	.rmdir = do_rmdir,
	.unlink = do_unlink,
	.open = do_open,
	.create = do_create,
	.read = do_read,
	.write_buf = do_write_buf,
	.flush = do_flush,
	.release = do_release,
	.fsync = do_fsync,
	.statfs = do_statfs,
};

int main(int argc, char **argv)
{
	char *options[] = { argv[0], "-o", "allow_other,fsname=fuselimit", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, options);
	struct fuse_loop_config loop = { .clone_fd = 0, .max_idle_threads = 10 };
	struct fuse_session *session;

	if (argc != 3) {
		fprintf(stderr, "usage: fuselimit SOURCE MOUNTPOINT\n");
		return 2;
	}
	umask(0);
	root.fd = open(argv[1], O_PATH);
	check(root.fd >= 0, argv[1]);
	session = fuse_session_new(&args, &operations, sizeof(operations), NULL);
	check(session != NULL, "fuse_session_new");
	check(fuse_set_signal_handlers(session) == 0, "fuse_set_signal_handlers");
	check(fuse_session_mount(session, argv[2]) == 0, "fuse_session_mount");
	fuse_session_loop_mt(session, &loop);
	fuse_session_unmount(session);
	fuse_remove_signal_handlers(session);
	fuse_session_destroy(session);
	return 0;
}
