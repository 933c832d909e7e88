package dev.kith.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Builds a JSON object, fields in the order of their being put, and writes JSON. */
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  public static JsonText object() {
    return new JsonText();
  }

  /**
   * Adds a field; an empty Optional is left out.
   *
   * @param value text, a number, a truth value, a {@link JsonText}, a {@link JsonNode}, a map or a
   *     collection of these; anything else is written as its text
   */
  public JsonText with(String name, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> fields.put(name, present));
    } else {
      fields.put(name, value);
    }
    return this;
  }

  @Override
  public String toString() {
    return write(this);
  }

  /** The text of a document. */
  public static String write(Object document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out =
        FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
      write(out, document);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case JsonText object -> write(out, object.fields);
      case JsonNode node -> write(out, node.value());
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (name, field) -> {
              out.writeName(String.valueOf(name));
              write(out, field);
            });
        out.writeEndObject();
      }
      case Collection<?> list -> {
        out.writeStartArray();
        list.forEach(element -> write(out, element));
        out.writeEndArray();
      }
      case Boolean truth -> out.writeBoolean(truth);
      case Double number -> out.writeNumber(number);
      case Number number -> out.writeNumber(number.longValue());
      default -> out.writeString(value.toString());
    }
  }
}
