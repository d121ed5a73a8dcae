/* SPDX-License-Identifier: MIT */
/*
 * One binary, many names: what argv[0] says decides, and else the first word.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build_info.h"
#include "core/applet.h"
#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/message.h"

#define SELF "sockbox"

#define APPLET(name) extern const struct applet applet_##name;
#include "applets.h"
#undef APPLET

static const struct applet *const applets[] = {
#define APPLET(name) &applet_##name,
#include "applets.h"
#undef APPLET
	NULL,
};

static const struct applet *find_applet(const char *name)
{
	for (size_t i = 0; applets[i]; i++)
		if (strcmp(applets[i]->name, name) == 0)
			return applets[i];
	return NULL;
}

static const char *applet_name(const void *context, size_t i)
{
	(void)context;
	return i + 1 < ARRAY_COUNT(applets) ? applets[i]->name : NULL;
}

static void add_list(struct buf *out)
{
	buf_text(out,
	        "Usage: " SELF
	        " APPLET [options] [filter words], or a link named after the applet\n"
	        "       " SELF " --list | --install [-s] [--force] DIR | --version | --config\n\n");
	for (size_t i = 0; applets[i]; i++) {
		buf_format(out, "  %s", applets[i]->name);
		buf_words(out, applets[i]->summary, 14);
		buf_char(out, '\n');
	}
	buf_text(out, "\n'" SELF " APPLET --help' tells more.\n");
}

static void add_names(struct buf *out)
{
	for (size_t i = 0; applets[i]; i++)
		buf_format(out, "%s\n", applets[i]->name);
}

/* The options of the .config that are on, in lower case: "conns bpf bpf_light". */
static void add_options(struct buf *out)
{
	struct str rest = STR(SOCKBOX_CONFIG), line;

	while (str_split(&rest, '\n', &line)) {
		if (!str_starts(line, STR("CONFIG_")) || !str_ends(line, STR("=y")))
			continue;
		buf_char(out, ' ');
		for (size_t i = strlen("CONFIG_"); i < line.len - 2; i++) {
			char c = line.ptr[i];

			buf_char(out, c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c);
		}
	}
}

static void add_version(struct buf *out)
{
	buf_text(out, SELF " " SOCKBOX_VERSION "\noptions:");
	add_options(out);
	buf_text(out, "\nlibraries: " SOCKBOX_LIBRARIES "\n");
}

static void add_config(struct buf *out)
{
	buf_text(out, SOCKBOX_CONFIG);
}

static int print_text(void (*add)(struct buf *out))
{
	struct buf out = { 0 };
	int status;

	add(&out);
	status = message_print(SELF, &out);
	buf_release(&out);
	return status;
}

/*
 * The binary's own path, for links to it. Without /proc only an absolute argv[0] tells.
 */
static bool find_self(const char *argv0, struct buf *path)
{
	if (file_readlink(AT_FDCWD, "/proc/self/exe", path) > 0)
		return true;
	buf_clear(path);
	buf_text(path, argv0);
	return argv0[0] == '/';
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, other;

	return lstat(a, &one) == 0 && lstat(b, &other) == 0 && one.st_dev == other.st_dev &&
	        one.st_ino == other.st_ino;
}

/* Another name of the binary is a link already; it may be the only one, so it is never removed. */
static int make_link(const char *self, const char *target, const char *path, bool force)
{
	while (target ? symlink(target, path) : link(self, path)) {
		int error = errno;

		if (error == EEXIST && same_file(self, path))
			return 0;
		if (error != EEXIST || !force)
			return -error;
		if (unlink(path) < 0)
			return -errno;
		force = false;
	}
	return 0;
}

/* What a symbolic link in @dir says: beside the binary just its name, so that both can be moved. */
static const char *link_target(const char *self, const char *dir)
{
	const char *name = strrchr(self, '/') + 1;
	struct buf own = { 0 };
	bool beside;

	buf_format(&own, "%.*s.", (int)(name - self), self);
	beside = same_file(own.ptr, dir);
	buf_release(&own);
	return beside ? name : self;
}

static int install_links(const char *self, const char *dir, bool symbolic, bool force)
{
	const char *target = symbolic ? link_target(self, dir) : NULL;
	struct buf path = { 0 };
	int status = EXIT_OK;

	for (size_t i = 0; applets[i]; i++) {
		int error;

		buf_clear(&path);
		buf_format(&path, "%s/%s", dir, applets[i]->name);
		error = make_link(self, target, path.ptr, force);
		if (!error)
			continue;
		status = EXIT_UNABLE;
		message(SELF, "link %s: %s%s", path.ptr, diag_errno(-error),
		        error == -EEXIST          ? "; --force replaces it"
		                : error == -EXDEV ? "; -s makes symbolic links across file systems"
		                                  : "");
	}
	buf_release(&path);
	return status;
}

struct install {
	bool install, symbolic, force, list, version, config, help;
};

static const struct option self_options[] = {
	OPT_FLAG(0, "install", install, install, "link every applet's name in DIR to this binary"),
	OPT_FLAG('s', "symbolic", install, symbolic, "make symbolic links instead of hard ones"),
	OPT_FLAG('f', "force", install, force, "replace existing files"),
	OPT_FLAG(0, "list", install, list, "names of the applets, one a line"),
	OPT_FLAG('V', "version", install, version, "version, options and libraries"),
	OPT_FLAG(0, "config", install, config, "the .config it was built from"),
	OPT_FLAG('h', "help", install, help, "this text"),
};

static int print_help(const struct option_group *group)
{
	struct buf out = { 0 };
	int status;

	add_list(&out);
	buf_char(&out, '\n');
	options_usage(group, 1, &out);
	status = message_print(SELF, &out);
	buf_release(&out);
	return status;
}

static int self_main(int argc, char **argv)
{
	struct install options = { 0 };
	struct option_group group = { "Options", self_options, ARRAY_COUNT(self_options),
		&options };
	struct buf self = { 0 };
	size_t words;
	int error, status;

	error = options_parse(&group, 1, argc, argv, &words);
	if (error)
		return message_diag(SELF, error);
	if (words && !options.install) {
		message(SELF, "'%s' is not expected here; an applet's name comes first", argv[1]);
		return EXIT_USAGE;
	}
	if (options.version)
		return print_text(add_version);
	if (options.config)
		return print_text(add_config);
	if (options.list)
		return print_text(add_names);
	if (options.help)
		return print_help(&group);
	if (!options.install)
		return print_text(add_list);
	if (words != 1) {
		message(SELF, "--install needs one directory for the links");
		return EXIT_USAGE;
	}
	if (!find_self(argv[0], &self)) {
		message(SELF,
		        "--install cannot tell where this binary is: no /proc; call it by its full path");
		return EXIT_UNABLE;
	}
	status = install_links(self.ptr, argv[1], options.symbolic, options.force);
	buf_release(&self);
	return status;
}

static int run_by_word(int argc, char **argv)
{
	const struct applet *applet = find_applet(argv[1]);
	const char *near;

	if (applet)
		return applet->main(argc - 1, argv + 1);
	near = diag_nearest(argv[1], strlen(argv[1]), applet_name, NULL);
	if (near)
		message(SELF, "unknown applet '%s'; did you mean '%s'?", argv[1], near);
	else
		message(SELF, "unknown applet '%s'; '" SELF " --list' names them", argv[1]);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const struct applet *applet;
	const char *base;

	file_guard_stdio();
	/* A file that may not grow is an error of write(2), as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
	/* A setuid copy would read any file as its owner for whoever calls it. */
	if (getuid() != geteuid() || getgid() != getegid()) {
		message(SELF,
		        "refusing to run setuid or setgid; file capabilities on a copy are the safe way");
		return EXIT_USAGE;
	}
	if (argc < 1)
		return print_text(add_list);
	base = strrchr(argv[0], '/');
	base = base ? base + 1 : argv[0];
	applet = find_applet(base);
	if (applet)
		return applet->main(argc, argv);
	if (argc > 1 && argv[1][0] != '-')
		return run_by_word(argc, argv);
	return self_main(argc, argv);
}
