/*
 * A disk that can be watched and that can fail: preloaded into the program by `cargo xtask prove` (LD_PRELOAD).
 *
 * It stands before the C library's calls that change files, and works on those below one folder. It is C because
 * the workspace forbids unsafe Rust, and stepping in front of the C library is nothing else.
 *
 *   PROVE_DISK_FOLDER   the folder, by its absolute path without symbolic links
 *   PROVE_DISK_MODE     record  append each such call with its bytes, and each answer sent over a socket, to the log
 *                       count   append one line to the log for each such call: which it was
 *                       fail    let the call with number PROVE_DISK_AT fail
 *                       kill    kill this process before the call with number PROVE_DISK_AT
 *   PROVE_DISK_LOG      the log, outside the folder; in the modes fail and kill it gets one line: which call it was
 *   PROVE_DISK_ERROR    EIO or ENOSPC (fail)
 *   PROVE_DISK_LASTING  1: every call from that one on fails (fail)
 *   PROVE_DISK_SYNCS    n: every n-th fsync of a file fails with EIO (record); 0: none
 *
 * Calls are done one at a time under one lock, so that the order of the log is the order in which they happened.
 * Real calls go through syscall(2). Parts of the program that make system calls themselves, past the C library, are
 * caught by a seccomp filter: calls of interest from outside the C library raise SIGSYS, and its handler sends them
 * through the same functions. copy_file_range and sendfile into the folder are refused with EINVAL, upon which
 * callers copy by read and write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum mode { OFF, RECORD, COUNT, FAIL, KILL };

static enum mode mode = OFF;
static char folder[PATH_MAX];
static size_t folder_length;
static int log_file = -1;
static long number;       /* calls so far */
static long at;           /* the one to fail, or to be killed before */
static int error_number;  /* what it fails with */
static int lasting;       /* and so do all later ones */
static int cut_short;     /* a full disk took half of a write; the next call fails */
static int fired;         /* it has happened */
static long syncs;        /* every so many syncs fail, in the mode record */
static long sync_number;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- Which files ------------------------------------------------------------------------------------------- */

/* The part of a path below the folder; NULL if it lies elsewhere. */
static const char *below(const char *path) {
    if (strncmp(path, folder, folder_length) != 0) return NULL;
    if (path[folder_length] == '\0') return "";
    return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

/* The path behind a descriptor, as of now: renames are seen. */
static const char *path_of(int descriptor, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 1);
    if (length < 0) return NULL;
    out[length] = '\0';
    return below(out);
}

static const char *path_at(int directory, const char *name, char *out) {
    char start[PATH_MAX];
    if (name[0] == '/') {
        snprintf(out, PATH_MAX, "%s", name);
        return below(out);
    }
    if (directory == AT_FDCWD) {
        if (syscall(SYS_getcwd, start, sizeof start) < 0) return NULL;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
        ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, start, PATH_MAX - 1);
        if (length < 0) return NULL;
        start[length] = '\0';
    }
    if (snprintf(out, PATH_MAX, "%s/%s", start, name) >= PATH_MAX) return NULL;
    return below(out);
}

static uint64_t inode_of(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) == 0 ? found.st_ino : 0;
}

static int is_socket(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) == 0 && S_ISSOCK(found.st_mode);
}

static int is_file(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
}

/* ---- What happens to a call -------------------------------------------------------------------------------- */

static void append(const void *bytes, size_t length) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = syscall(SYS_write, log_file, next, length);
        if (written < 0) {
            static const char words[] = "the log of the watched disk cannot be written\n";
            syscall(SYS_write, 2, words, sizeof words - 1);
            _exit(97);
        }
        next += written;
        length -= (size_t)written;
    }
}

/* One event: kind, inode, a number, and two pieces of bytes with their lengths before them. Little endian. */
static void record(char kind, uint64_t inode, uint64_t value, const void *one, size_t one_length, const void *two,
                   size_t two_length) {
    if (mode != RECORD) return;
    unsigned char head[25];
    uint32_t lengths[2] = {(uint32_t)one_length, (uint32_t)two_length};
    head[0] = (unsigned char)kind;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &value, 8);
    memcpy(head + 17, lengths, 8);
    append(head, sizeof head);
    append(one, one_length);
    append(two, two_length);
}

static void record_path(char kind, uint64_t inode, const char *path) {
    record(kind, inode, 0, path, strlen(path), NULL, 0);
}

static void note(const char *call, const char *path) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    if (log_file >= 0 && (mode == COUNT || !fired)) append(line, (size_t)length);
    fired = 1;
}

/* Begins a call that changes something; the lock is held from here on. Nonzero: it must fail with errno as set. */
static int begin(const char *call, const char *path) {
    pthread_mutex_lock(&lock);
    if (mode == COUNT) note(call, path);
    if (mode != FAIL && mode != KILL) return 0;
    number++;
    /* A full disk lets everything be removed. */
    if (mode == FAIL && error_number == ENOSPC && (strcmp(call, "unlink") == 0 || strcmp(call, "rmdir") == 0)) return 0;
    if (number != at && !(lasting && number > at) && !cut_short) return 0;
    note(call, path);
    if (mode == KILL) syscall(SYS_kill, getpid(), SIGKILL);
    cut_short = 0;
    errno = error_number;
    return -1;
}

/* Ends a call; what errno says is kept. */
static long end(long result) {
    int kept = errno;
    pthread_mutex_unlock(&lock);
    errno = kept;
    return result;
}

/* Whether a write is the one for which a full disk still has room for one half. */
static int half_fits(const char *path, size_t length) {
    if (mode != FAIL || error_number != ENOSPC || number + 1 != at || length < 2) return 0;
    note("half a write", path);
    number++;
    cut_short = 1;
    return 1;
}

/* ---- Writing ----------------------------------------------------------------------------------------------- */

static ssize_t put(int descriptor, const void *bytes, size_t length, off_t offset, int positioned) {
    char buffer[PATH_MAX];
    if (mode == RECORD && is_socket(descriptor)) {
        pthread_mutex_lock(&lock);
        record('A', inode_of(descriptor), 0, bytes, length, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    const char *path = mode == OFF || !is_file(descriptor) ? NULL : path_of(descriptor, buffer);
    if (path == NULL) {
        return positioned ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                          : syscall(SYS_write, descriptor, bytes, length);
    }
    pthread_mutex_lock(&lock);
    int half = half_fits(path, length);
    pthread_mutex_unlock(&lock);
    if (half) length /= 2;
    if (half) pthread_mutex_lock(&lock);
    else if (begin("write", path)) return end(-1);
    ssize_t written = positioned ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                                 : syscall(SYS_write, descriptor, bytes, length);
    if (written > 0) {
        off_t start = positioned ? offset : lseek(descriptor, 0, SEEK_CUR) - written;
        record('W', inode_of(descriptor), (uint64_t)start, bytes, (size_t)written, NULL, 0);
    }
    return end(written);
}

static ssize_t put_pieces(int descriptor, const struct iovec *pieces, int count, off_t offset, int positioned) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += pieces[i].iov_len;
    char *all = malloc(length + 1), *next = all;
    if (all == NULL) {
        errno = ENOMEM;
        return -1;
    }
    for (int i = 0; i < count; i++) next = mempcpy(next, pieces[i].iov_base, pieces[i].iov_len);
    ssize_t written = put(descriptor, all, length, offset, positioned);
    int kept = errno;
    free(all);
    errno = kept;
    return written;
}

ssize_t write(int d, const void *bytes, size_t length) { return put(d, bytes, length, 0, 0); }
ssize_t pwrite(int d, const void *bytes, size_t length, off_t offset) { return put(d, bytes, length, offset, 1); }
ssize_t pwrite64(int d, const void *bytes, size_t length, off64_t offset) { return put(d, bytes, length, offset, 1); }
ssize_t writev(int d, const struct iovec *pieces, int count) { return put_pieces(d, pieces, count, 0, 0); }
ssize_t pwritev(int d, const struct iovec *p, int count, off_t offset) { return put_pieces(d, p, count, offset, 1); }
ssize_t pwritev64(int d, const struct iovec *p, int count, off64_t offset) {
    return put_pieces(d, p, count, offset, 1);
}

ssize_t sendto(int d, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    if (mode == RECORD) {
        pthread_mutex_lock(&lock);
        record('A', inode_of(d), 0, bytes, length, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return syscall(SYS_sendto, d, bytes, length, flags, to, size);
}

ssize_t send(int d, const void *bytes, size_t length, int flags) { return sendto(d, bytes, length, flags, NULL, 0); }

ssize_t sendmsg(int d, const struct msghdr *message, int flags) {
    for (size_t i = 0; mode == RECORD && i < message->msg_iovlen; i++) {
        pthread_mutex_lock(&lock);
        record('A', inode_of(d), 0, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return syscall(SYS_sendmsg, d, message, flags);
}

static int resize(const char *call, int descriptor, off_t size, int allocate) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_of(descriptor, buffer);
    if (path != NULL && begin(call, path)) return (int)end(-1);
    long result = allocate ? syscall(SYS_fallocate, descriptor, 0, 0, size) : syscall(SYS_ftruncate, descriptor, size);
    if (path == NULL) return (int)result;
    struct stat now;
    if (result == 0 && fstat(descriptor, &now) == 0) {
        record('T', now.st_ino, (uint64_t)now.st_size, NULL, 0, NULL, 0);
    }
    return (int)end(result);
}

int ftruncate(int d, off_t size) { return resize("ftruncate", d, size, 0); }
int ftruncate64(int d, off64_t size) { return resize("ftruncate", d, size, 0); }

int fallocate(int d, int how, off_t offset, off_t length) {
    char buffer[PATH_MAX];
    if (how == 0) return resize("fallocate", d, offset + length, 1);
    /* Holes and collapses are not used; if they were, the log must say that it does not know them. */
    if (mode == RECORD && path_of(d, buffer) != NULL) record_path('X', inode_of(d), "fallocate with a mode");
    return (int)syscall(SYS_fallocate, d, how, offset, length);
}
int fallocate64(int d, int how, off64_t offset, off64_t length) { return fallocate(d, how, offset, length); }
int posix_fallocate(int d, off_t offset, off_t length) { return fallocate(d, 0, offset, length) == 0 ? 0 : errno; }
int posix_fallocate64(int d, off64_t offset, off64_t length) { return posix_fallocate(d, offset, length); }

static int refuses_copy(int descriptor) {
    char buffer[PATH_MAX];
    return mode != OFF && path_of(descriptor, buffer) != NULL;
}

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    if (!refuses_copy(out)) return syscall(SYS_copy_file_range, in, from, out, to, length, flags);
    errno = EINVAL;
    return -1;
}

ssize_t sendfile(int out, int in, off_t *from, size_t length) {
    if (!refuses_copy(out)) return syscall(SYS_sendfile, out, in, from, length);
    errno = EINVAL;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t length) { return sendfile(out, in, from, length); }

/* Memory that is written to a file behind every call: only the wal-index of SQLite, which no recovery reads. */
void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    char buffer[PATH_MAX];
    if (mode == RECORD && descriptor >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        const char *path = path_of(descriptor, buffer);
        size_t size = path == NULL ? 0 : strlen(path);
        if (path != NULL && (size < 4 || strcmp(path + size - 4, "-shm") != 0)) {
            pthread_mutex_lock(&lock);
            record_path('X', inode_of(descriptor), "a writable mapping");
            pthread_mutex_unlock(&lock);
        }
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset) {
    return mmap(address, length, protection, flags, descriptor, offset);
}

/* ---- Making durable ---------------------------------------------------------------------------------------- */

static int sync_one(const char *call, long system_call, int descriptor) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_of(descriptor, buffer);
    if (path == NULL) return (int)syscall(system_call, descriptor);
    if (begin(call, path)) return (int)end(-1);
    if (mode == RECORD && syncs > 0 && is_file(descriptor) && ++sync_number % syncs == 0) {
        record('F', inode_of(descriptor), 0, NULL, 0, NULL, 0);
        errno = EIO;
        return (int)end(-1);
    }
    /* Whether the real disk has it does not matter to what is built from the log, and would only take time. */
    if (mode == RECORD) record('S', inode_of(descriptor), 0, NULL, 0, NULL, 0);
    return (int)end(0);
}

int fsync(int d) { return sync_one("fsync", SYS_fsync, d); }
int fdatasync(int d) { return sync_one("fdatasync", SYS_fdatasync, d); }

/* A whole file system: a replay does not know all that is on it, so its log must say that it cannot be replayed. */
int syncfs(int d) {
    char buffer[PATH_MAX];
    if (mode == RECORD && path_of(d, buffer) != NULL) record_path('X', inode_of(d), "syncfs");
    return sync_one("syncfs", SYS_syncfs, d);
}

/* Promises nothing by itself (sync_file_range(2)), so it is not in the log; it can fail all the same. */
int sync_file_range(int d, off64_t offset, off64_t length, unsigned flags) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_of(d, buffer);
    if (path == NULL) return (int)syscall(SYS_sync_file_range, d, offset, length, flags);
    if (begin("sync_file_range", path)) return (int)end(-1);
    return (int)end(0);
}

/* ---- Names ------------------------------------------------------------------------------------------------- */

static int open_at(int directory, const char *name, int flags, mode_t permissions) {
    char buffer[PATH_MAX];
    int changes = mode != OFF && (flags & (O_CREAT | O_TRUNC)) != 0;
    const char *path = changes ? path_at(directory, name, buffer) : NULL;
    struct stat before;
    int existed = path != NULL && fstatat(directory, name, &before, 0) == 0;
    if (path == NULL || (existed && !(flags & O_TRUNC))) {
        return (int)syscall(SYS_openat, directory, name, flags, permissions);
    }
    if (begin("open", path)) return (int)end(-1);
    existed = fstatat(directory, name, &before, 0) == 0;
    int opened = (int)syscall(SYS_openat, directory, name, flags, permissions);
    if (opened >= 0 && !existed) record_path('C', inode_of(opened), path);
    if (opened >= 0 && existed && (flags & O_TRUNC)) record('T', before.st_ino, 0, NULL, 0, NULL, 0);
    return (int)end(opened);
}

#define OPENING(name)                                              \
    int name(const char *path, int flags, ...) {                   \
        va_list rest;                                              \
        va_start(rest, flags);                                     \
        mode_t permissions = (mode_t)va_arg(rest, int);            \
        va_end(rest);                                              \
        return open_at(AT_FDCWD, path, flags, permissions);        \
    }
#define OPENING_AT(name)                                           \
    int name(int directory, const char *path, int flags, ...) {    \
        va_list rest;                                              \
        va_start(rest, flags);                                     \
        mode_t permissions = (mode_t)va_arg(rest, int);            \
        va_end(rest);                                              \
        return open_at(directory, path, flags, permissions);       \
    }
OPENING(open)
OPENING(open64)
OPENING_AT(openat)
OPENING_AT(openat64)
int creat(const char *path, mode_t mode_) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode_); }
int creat64(const char *path, mode_t mode_) { return creat(path, mode_); }

static int move_at(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    char one[PATH_MAX], two[PATH_MAX];
    const char *from_path = mode == OFF ? NULL : path_at(from_directory, from, one);
    const char *to_path = mode == OFF ? NULL : path_at(to_directory, to, two);
    if (from_path == NULL && to_path == NULL) {
        return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
    }
    if (begin("rename", to_path != NULL ? to_path : from_path)) return (int)end(-1);
    long result = syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
    if (result == 0 && from_path != NULL && to_path != NULL && !(flags & RENAME_EXCHANGE)) {
        record('R', 0, 0, from_path, strlen(from_path), to_path, strlen(to_path));
    } else if (result == 0) {
        record_path('X', 0, "a rename across the folder's border, or an exchange");
    }
    return (int)end(result);
}

int rename(const char *from, const char *to) { return move_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return move_at(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return move_at(a, from, b, to, flags); }

static int remove_at(int directory, const char *name, int flags) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_at(directory, name, buffer);
    if (path == NULL) return (int)syscall(SYS_unlinkat, directory, name, flags);
    if (begin(flags & AT_REMOVEDIR ? "rmdir" : "unlink", path)) return (int)end(-1);
    long result = syscall(SYS_unlinkat, directory, name, flags);
    if (result == 0) record_path('U', 0, path);
    return (int)end(result);
}

int unlink(const char *path) { return remove_at(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char *path, int flags) { return remove_at(directory, path, flags); }
int rmdir(const char *path) { return remove_at(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int directory, const char *name, mode_t permissions) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_at(directory, name, buffer);
    if (path == NULL) return (int)syscall(SYS_mkdirat, directory, name, permissions);
    if (begin("mkdir", path)) return (int)end(-1);
    long result = syscall(SYS_mkdirat, directory, name, permissions);
    struct stat made;
    if (result == 0 && fstatat(directory, name, &made, 0) == 0) record_path('M', made.st_ino, path);
    return (int)end(result);
}
int mkdir(const char *path, mode_t permissions) { return mkdirat(AT_FDCWD, path, permissions); }

int linkat(int a, const char *from, int b, const char *to, int flags) {
    char buffer[PATH_MAX];
    const char *path = mode == OFF ? NULL : path_at(b, to, buffer);
    if (path == NULL) return (int)syscall(SYS_linkat, a, from, b, to, flags);
    if (begin("link", path)) return (int)end(-1);
    long result = syscall(SYS_linkat, a, from, b, to, flags);
    struct stat made;
    if (result == 0 && fstatat(b, to, &made, 0) == 0) record_path('L', made.st_ino, path);
    return (int)end(result);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

/* ---- Calls past the C library ------------------------------------------------------------------------------ */

/* Does a trapped call through the functions above. The arguments are those of the system call. */
static long dispatch(long call, const long *a) {
    switch (call) {
        case SYS_write: return write((int)a[0], (void *)a[1], (size_t)a[2]);
        case SYS_pwrite64: return pwrite64((int)a[0], (void *)a[1], (size_t)a[2], a[3]);
        case SYS_writev: return writev((int)a[0], (void *)a[1], (int)a[2]);
        case SYS_ftruncate: return ftruncate((int)a[0], a[1]);
        case SYS_fsync: return fsync((int)a[0]);
        case SYS_fdatasync: return fdatasync((int)a[0]);
        case SYS_syncfs: return syncfs((int)a[0]);
        case SYS_openat: return open_at((int)a[0], (char *)a[1], (int)a[2], (mode_t)a[3]);
        case SYS_renameat2: return move_at((int)a[0], (char *)a[1], (int)a[2], (char *)a[3], (unsigned)a[4]);
        case SYS_unlinkat: return remove_at((int)a[0], (char *)a[1], (int)a[2]);
        case SYS_mkdirat: return mkdirat((int)a[0], (char *)a[1], (mode_t)a[2]);
        case SYS_linkat: return linkat((int)a[0], (char *)a[1], (int)a[2], (char *)a[3], (int)a[4]);
        case SYS_copy_file_range:
            return copy_file_range((int)a[0], (void *)a[1], (int)a[2], (void *)a[3], (size_t)a[4], (unsigned)a[5]);
#ifdef SYS_renameat
        case SYS_renameat: return move_at((int)a[0], (char *)a[1], (int)a[2], (char *)a[3], 0);
#endif
#ifdef SYS_rename
        case SYS_open: return open_at(AT_FDCWD, (char *)a[0], (int)a[1], (mode_t)a[2]);
        case SYS_rename: return rename((char *)a[0], (char *)a[1]);
        case SYS_unlink: return unlink((char *)a[0]);
        case SYS_rmdir: return rmdir((char *)a[0]);
        case SYS_mkdir: return mkdir((char *)a[0], (mode_t)a[1]);
        case SYS_link: return link((char *)a[0], (char *)a[1]);
#endif
        default: errno = ENOSYS; return -1;
    }
}

static const uint32_t trapped[] = {
    SYS_write, SYS_pwrite64, SYS_writev, SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_syncfs, SYS_openat,
    SYS_renameat2, SYS_unlinkat, SYS_mkdirat, SYS_linkat, SYS_copy_file_range,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_rename
    SYS_open, SYS_rename, SYS_unlink, SYS_rmdir, SYS_mkdir, SYS_link,
#endif
};
#define TRAPPED (sizeof trapped / sizeof trapped[0])

static void on_trap(int signal_number, siginfo_t *info, void *context) {
    (void)signal_number;
    int kept = errno;
    mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
    greg_t *r = machine->gregs;
    long arguments[6] = {r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]};
    long result = dispatch(info->si_syscall, arguments);
    r[REG_RAX] = result < 0 ? -errno : result;
#elif defined(__aarch64__)
    long arguments[6];
    for (int i = 0; i < 6; i++) arguments[i] = (long)machine->regs[i];
    long result = dispatch(info->si_syscall, arguments);
    machine->regs[0] = (unsigned long long)(result < 0 ? -errno : result);
#else
#error "how a trapped call's arguments are found is known for x86_64 and aarch64"
#endif
    errno = kept;
}

/* Where the C library's code lies in this process. */
static int code_of_libc(uint64_t *start, uint64_t *stop) {
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[PATH_MAX + 128];
    int found = 0;
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        char rights[5];
        if (strstr(line, "/libc.so.6") == NULL || sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3) continue;
        found = rights[2] == 'x';
        *start = from;
        *stop = to;
    }
    if (maps != NULL) fclose(maps);
    return found && *start >> 32 == *stop >> 32;
}

static int trap_others(void) {
    uint64_t start, stop;
    if (!code_of_libc(&start, &stop)) return -1;
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSYS, &action, NULL) != 0) return -1;
    struct sock_filter program[8 + TRAPPED];
    const uint32_t address = offsetof(struct seccomp_data, instruction_pointer);
    size_t n = 0;
    /* Little endian: the low half first. From the C library: allowed. */
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, address + 4);
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(start >> 32), 0, 3);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, address);
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)start, 0, 1);
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)stop, 0, TRAPPED + 1);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < TRAPPED; i++) {
        uint8_t to_trap = (uint8_t)(TRAPPED - i);
        program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, trapped[i], to_trap, 0);
    }
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog filter = {.len = (unsigned short)n, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

/* ---- Setting up -------------------------------------------------------------------------------------------- */

static long number_in(const char *name) {
    const char *text = getenv(name);
    return text == NULL ? 0 : atol(text);
}

static void give_up(const char *words) {
    fprintf(stderr, "the watched disk: %s\n", words);
    _exit(97);
}

__attribute__((constructor)) static void set_up(void) {
    const char *place = getenv("PROVE_DISK_FOLDER"), *wanted = getenv("PROVE_DISK_MODE");
    const char *path = getenv("PROVE_DISK_LOG"), *error = getenv("PROVE_DISK_ERROR");
    if (place == NULL || wanted == NULL || path == NULL) return;
    snprintf(folder, sizeof folder, "%s", place);
    folder_length = strlen(folder);
    log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) give_up("cannot open the log");
    at = number_in("PROVE_DISK_AT");
    lasting = number_in("PROVE_DISK_LASTING") != 0;
    syncs = number_in("PROVE_DISK_SYNCS");
    error_number = error != NULL && strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
    if (trap_others() != 0) give_up("calls past the C library cannot be trapped");
    mode = strcmp(wanted, "record") == 0  ? RECORD
           : strcmp(wanted, "count") == 0 ? COUNT
           : strcmp(wanted, "fail") == 0  ? FAIL
                                          : KILL;
}
