/* SPDX-License-Identifier: MIT */
/*
 * Feeds recorded inputs to a fuzz target, without libFuzzer: every file in the directories that are named,
 * once. Each input lies in a heap block of exactly its size, so that the address sanitizer sees a read of one byte
 * too many. Prints TAP: one test a target.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, room = 0, n;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	do {
		if (size == room) {
			room = room * 2 + 4096;
			data = realloc(data, room);
			if (data == NULL)
				abort();
		}
		n = fread(data + size, 1, room - size, file);
		size += n;
	} while (n > 0);
	fclose(file);

	/* An empty input gets a block too: malloc(0) may be NULL, which no caller would pass. */
	uint8_t *exact = malloc(size > 0 ? size : 1);
	if (exact == NULL)
		abort();
	for (size_t i = 0; i < size; i++)
		exact[i] = data[i];
	free(data);
	fprintf(stderr, "# %s\n", path);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static int feed_directory(const char *name)
{
	struct dirent **entries = NULL;
	char path[4096];
	int fed = 0;
	int count = scandir(name, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "%s/%s", name, entries[i]->d_name);
			feed(path);
			fed++;
		}
		free(entries[i]);
	}
	free(entries);
	return fed;
}

int main(int argc, char **argv)
{
	int fed = 0;

	printf("1..1\n");
	fflush(stdout);
	for (int i = 1; i < argc; i++)
		fed += feed_directory(argv[i]);
	printf("%s 1 - %d recorded inputs\n", fed > 0 ? "ok" : "not ok", fed);
	return fed > 0 ? 0 : 1;
}
