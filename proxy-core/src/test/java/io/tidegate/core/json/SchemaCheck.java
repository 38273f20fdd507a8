package io.tidegate.core.json;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.List;

/** Whether a text is as a schema says. */
public final class SchemaCheck {
  private final com.networknt.schema.JsonSchema schema;

  public SchemaCheck(String schema) {
    this.schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
  }

  /** What is wrong with {@code json}; nothing if it is as the schema says. */
  public List<String> problems(String json) {
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }
}
