/*
 * Counts words: a sample program for `kith run`.
 *
 *   kith run wordcount.wasm --in text.txt --split lines:5000 -o counts.txt
 *   kith run wordcount.wasm --in counts.txt -o total.txt -- merge
 *
 * Without arguments it reads text on stdin, and writes one line "WORD COUNT" for each word, in the
 * order of the words' bytes. A word is a run of letters and digits and of bytes above 127 (so UTF-8
 * passes through); ASCII letters are taken as small ones. A part's answer counts that part alone,
 * and answers are joined in order; with the argument `merge` it reads such lines instead and adds
 * up the counts of equal words.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORD_MAX 255 /* longer words are cut */
#define READ_BYTES 65536

struct entry {
  const char *word; /* in the arena; NULL = free */
  uint32_t length;
  uint64_t count;
};

static struct entry *table;
static size_t capacity, used;
static char *arena;
static size_t arena_left;

static void fail(const char *message) {
  write(2, message, strlen(message));
  exit(1);
}

static void *take(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory) fail("wordcount: out of memory\n");
  return memory;
}

static struct entry *find(const char *word, size_t length) {
  uint64_t hash = 14695981039346656037ull; /* FNV-1a */
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)word[i]) * 1099511628211ull;
  size_t at = (hash ^ hash >> 32) & (capacity - 1);
  while (table[at].word && (table[at].length != length || memcmp(table[at].word, word, length)))
    at = (at + 1) & (capacity - 1);
  return &table[at];
}

static void grow(void) {
  struct entry *old = table;
  size_t count = capacity;
  capacity = capacity ? capacity * 2 : 4096;
  table = take(capacity * sizeof *table);
  for (size_t i = 0; i < count; i++)
    if (old[i].word) *find(old[i].word, old[i].length) = old[i];
  free(old);
}

static void add(const char *word, size_t length, uint64_t count) {
  if (used * 4 >= capacity * 3) grow();
  struct entry *entry = find(word, length);
  if (!entry->word) {
    if (arena_left < length) {
      arena_left = 1 << 16;
      arena = take(arena_left);
    }
    entry->word = memcpy(arena, word, length);
    entry->length = length;
    arena += length;
    arena_left -= length;
    used++;
  }
  entry->count += count;
}

static int compare(const void *a, const void *b) {
  const struct entry *x = a, *y = b;
  int order = memcmp(x->word, y->word, x->length < y->length ? x->length : y->length);
  return order ? order : (x->length > y->length) - (x->length < y->length);
}

static char out[READ_BYTES];
static size_t out_used;

static void flush(void) {
  for (size_t at = 0; at < out_used;) {
    ssize_t n = write(1, out + at, out_used - at);
    if (n <= 0) fail("wordcount: cannot write\n");
    at += n;
  }
  out_used = 0;
}

static void print(const struct entry *entry) {
  if (out_used + entry->length + 24 > sizeof out) flush();
  memcpy(out + out_used, entry->word, entry->length);
  out_used += entry->length;
  out[out_used++] = ' ';
  char digits[20];
  int n = 0;
  for (uint64_t left = entry->count; n == 0 || left; left /= 10) digits[n++] = '0' + left % 10;
  while (n) out[out_used++] = digits[--n];
  out[out_used++] = '\n';
}

static char word[WORD_MAX];
static size_t length;
static uint64_t number;
static int in_number;

static void count_byte(unsigned char c) {
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 128) {
    if (length < WORD_MAX) word[length++] = c;
  } else if (length) {
    add(word, length, 1);
    length = 0;
  }
}

static void merge_byte(unsigned char c) {
  if (c == '\n') {
    if (length) add(word, length, number);
    length = number = in_number = 0;
  } else if (c == ' ') {
    in_number = 1;
  } else if (in_number) {
    if (c < '0' || c > '9') fail("wordcount: a line is not \"WORD COUNT\"\n");
    number = number * 10 + (c - '0');
  } else if (length < WORD_MAX) {
    word[length++] = c;
  }
}

int main(int argc, char **argv) {
  int merge = argc == 2 && !strcmp(argv[1], "merge");
  if (argc > 1 && !merge) fail("wordcount: the only argument it knows is: merge\n");
  static char in[READ_BYTES];
  ssize_t n;
  grow();
  while ((n = read(0, in, sizeof in)) > 0)
    for (ssize_t i = 0; i < n; i++) merge ? merge_byte(in[i]) : count_byte(in[i]);
  if (n < 0) fail("wordcount: cannot read\n");
  merge ? merge_byte('\n') : count_byte(' ');

  size_t filled = 0;
  for (size_t i = 0; i < capacity; i++)
    if (table[i].word) table[filled++] = table[i];
  qsort(table, filled, sizeof *table, compare);
  for (size_t i = 0; i < filled; i++) print(&table[i]);
  flush();
  return 0;
}
