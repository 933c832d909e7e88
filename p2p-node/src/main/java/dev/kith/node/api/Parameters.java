package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import io.javalin.http.Context;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import tools.jackson.databind.JsonNode;

/** Reads what a request asks for, and refuses it in words that name the parameter. */
final class Parameters {
  private Parameters() {}

  static Optional<String> optional(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isEmpty());
  }

  static String required(Context context, String name) throws NodeException {
    return optional(context, name).orElseThrow(() -> bad(name + ": is missing"));
  }

  static boolean truth(Context context, String name) {
    return optional(context, name).map("true"::equals).orElse(false);
  }

  static long number(Context context, String name, long absent, long least, long most)
      throws NodeException {
    Optional<String> text = optional(context, name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      return checked(name, Long.parseLong(text.get()), least, most);
    } catch (NumberFormatException e) {
      throw bad(name + ": not a whole number: " + text.get());
    }
  }

  static int integer(JsonNode request, String name, int absent, int least, int most)
      throws NodeException {
    JsonNode value = request.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.canConvertToInt()) {
      throw bad(name + ": not a whole number");
    }
    return (int) checked(name, value.asInt(), least, most);
  }

  static Optional<String> text(JsonNode request, String name) throws NodeException {
    JsonNode value = request.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw bad(name + ": not text");
    }
    return Optional.of(value.asString());
  }

  /** 32 bytes in hexadecimal. */
  static Bytes32 id(String name, String text) throws NodeException {
    try {
      if (text.length() == 64) {
        return Bytes32.fromHexString(text);
      }
    } catch (IllegalArgumentException e) {
      throw bad(name + ": not 64 hexadecimal digits: " + text);
    }
    throw bad(name + ": not 64 hexadecimal digits: " + text);
  }

  static Optional<Bytes32> id(Context context, String name) throws NodeException {
    Optional<String> text = optional(context, name);
    return text.isEmpty() ? Optional.empty() : Optional.of(id(name, text.get()));
  }

  static NodeException bad(String message) {
    return new NodeException(Problem.BAD_REQUEST, message);
  }

  private static long checked(String name, long value, long least, long most) throws NodeException {
    if (value < least || value > most) {
      throw bad(name + ": " + value + " is not from " + least + " to " + most);
    }
    return value;
  }
}
