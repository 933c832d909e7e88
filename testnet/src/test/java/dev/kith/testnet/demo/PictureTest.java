package dev.kith.testnet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
  @TempDir Path folder;

  @Test
  void writePng_keepsEveryPixel() throws Exception {
    byte[] pixels = {1, 2, 3, (byte) 200, 100, 50, 0, 0, (byte) 255, 9, 8, 7};
    Picture picture = new Picture(2, 2, 10, pixels);
    assertThat(picture.complete()).isTrue();
    Path file = folder.resolve("picture.png");
    picture.writePng(file);
    BufferedImage read = ImageIO.read(file.toFile());
    assertThat(read.getRGB(0, 0)).isEqualTo(0xff010203);
    assertThat(read.getRGB(1, 0)).isEqualTo(0xffc86432);
    assertThat(read.getRGB(0, 1)).isEqualTo(0xff0000ff);
    assertThat(read.getRGB(1, 1)).isEqualTo(0xff090807);
  }

  @Test
  void matchesLocalRows_tellsAWrongPixel() {
    Picture black = new Picture(64, 64, 50, new byte[64 * 64 * 3]);
    assertThat(black.matchesLocalRows()).isFalse();
  }
}
