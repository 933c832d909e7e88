/*
 * Renders one tile of the Mandelbrot set: a sample program for `kith run`.
 *
 *   kith run mandelbrot.wasm --split range:0..63 -o pixels.rgb -- 1920 1080 64
 *   (printf 'P6 1920 1080 255\n'; cat pixels.rgb) > mandelbrot.ppm
 *
 * Arguments: WIDTH HEIGHT TILES [ITERATIONS] TILE. A tile is a band of whole rows, tile t of n the
 * rows from t*HEIGHT/n up to (t+1)*HEIGHT/n; it counts from 0 and is the last argument, which
 * `--split range` appends. Its answer is the pixels, three bytes each (red, green, blue), row by
 * row: the answers joined in order are the body of a binary PPM file. ITERATIONS (500 unless given)
 * sets the load.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *message) {
  write(2, message, strlen(message));
  exit(2);
}

static long number(const char *text, long min, long max) {
  char *end;
  long value = strtol(text, &end, 10);
  if (!*text || *end || value < min || value > max)
    fail("mandelbrot: WIDTH HEIGHT TILES [ITERATIONS] TILE; a number is missing or out of range\n");
  return value;
}

static int escape(double cr, double ci, int iterations) {
  double zr = 0, zi = 0, rr = 0, ii = 0;
  int n = 0;
  while (n < iterations && rr + ii <= 4) {
    zi = 2 * zr * zi + ci;
    zr = rr - ii + cr;
    rr = zr * zr;
    ii = zi * zi;
    n++;
  }
  return n;
}

/* A polynomial palette, run through forth and back: blue over gold to dark; black inside. */
static void colour(int n, int iterations, unsigned char *pixel) {
  int wave = (n + 6) % 96;
  double t = n >= iterations ? 0 : (wave < 48 ? wave : 96 - wave) / 48.0;
  double u = 1 - t;
  pixel[0] = (unsigned char)(255 * 9 * u * t * t * t);
  pixel[1] = (unsigned char)(255 * 15 * u * u * t * t);
  pixel[2] = (unsigned char)(255 * 8.5 * u * u * u * t);
}

int main(int argc, char **argv) {
  if (argc != 5 && argc != 6) fail("mandelbrot: WIDTH HEIGHT TILES [ITERATIONS] TILE\n");
  long width = number(argv[1], 1, 1 << 16), height = number(argv[2], 1, 1 << 16);
  long tiles = number(argv[3], 1, height);
  int iterations = argc == 6 ? number(argv[4], 1, 1 << 24) : 500;
  long tile = number(argv[argc - 1], 0, tiles - 1);

  long first = tile * height / tiles, last = (tile + 1) * height / tiles;
  /* The whole set, kept in proportion. */
  double scale = 3.2 / width > 2.5 / height ? 3.2 / width : 2.5 / height;
  unsigned char *row = malloc(width * 3);
  if (!row) fail("mandelbrot: out of memory\n");
  for (long y = first; y < last; y++) {
    double ci = (y - height / 2.0 + 0.5) * scale;
    for (long x = 0; x < width; x++)
      colour(escape(-0.65 + (x - width / 2.0 + 0.5) * scale, ci, iterations), iterations, row + 3 * x);
    for (long at = 0; at < width * 3;) {
      ssize_t n = write(1, row + at, width * 3 - at);
      if (n <= 0) fail("mandelbrot: cannot write\n");
      at += n;
    }
  }
  return 0;
}
