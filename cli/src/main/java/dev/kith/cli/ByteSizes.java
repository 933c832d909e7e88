package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lets options take amounts of bytes such as {@code 500MB}. */
final class ByteSizes implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is no amount of bytes (write 500MB or 10GiB)");
    }
  }
}
