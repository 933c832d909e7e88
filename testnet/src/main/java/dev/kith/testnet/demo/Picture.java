package dev.kith.testnet.demo;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** The Mandelbrot picture: what the mesh rendered, as a PNG, and beside it a few rows by hand. */
@SuppressWarnings("ArrayRecordComponent") // megabytes that are looked at once, never compared
record Picture(int width, int height, int iterations, byte[] pixels) {
  /** Rows that are computed again here; a picture has hundreds. */
  private static final int ROWS_CHECKED = 16;

  boolean complete() {
    return pixels.length == width * height * 3;
  }

  void writePng(Path file) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] raster = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < pixels.length; i += 3) {
      raster[i] = pixels[i + 2];
      raster[i + 1] = pixels[i + 1];
      raster[i + 2] = pixels[i];
    }
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this JDK cannot write PNG");
    }
  }

  /**
   * Whether rows spread over the picture are what plain Java makes of the same formula. WebAssembly
   * and Java both compute by IEEE 754 to the last bit, so equal means equal.
   */
  boolean matchesLocalRows() {
    for (int i = 0; i < ROWS_CHECKED; i++) {
      int y = (int) ((2L * i + 1) * height / (2 * ROWS_CHECKED));
      int start = y * width * 3;
      if (!Arrays.equals(row(y), 0, width * 3, pixels, start, start + width * 3)) {
        return false;
      }
    }
    return true;
  }

  /** The same steps as testnet/samples/mandelbrot.c. */
  private byte[] row(int y) {
    byte[] row = new byte[width * 3];
    double scale = Math.max(3.2 / width, 2.5 / height);
    double ci = (y - height / 2.0 + 0.5) * scale;
    for (int x = 0; x < width; x++) {
      int n = escape(-0.65 + (x - width / 2.0 + 0.5) * scale, ci);
      int wave = (n + 6) % 96;
      double t = n >= iterations ? 0 : (wave < 48 ? wave : 96 - wave) / 48.0;
      double u = 1 - t;
      row[3 * x] = (byte) (int) (255 * 9 * u * t * t * t);
      row[3 * x + 1] = (byte) (int) (255 * 15 * u * u * t * t);
      row[3 * x + 2] = (byte) (int) (255 * 8.5 * u * u * u * t);
    }
    return row;
  }

  private int escape(double cr, double ci) {
    double zr = 0;
    double zi = 0;
    double rr = 0;
    double ii = 0;
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
}
