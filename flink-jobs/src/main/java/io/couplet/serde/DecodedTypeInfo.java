package io.couplet.serde;

import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Type information of {@link Decoded} records of one Avro type. */
final class DecodedTypeInfo<T extends SpecificRecordBase> extends TypeInformation<Decoded<T>> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  DecodedTypeInfo(Class<T> type) {
    this.type = type;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  @Override
  public Class<Decoded<T>> getTypeClass() {
    return (Class) Decoded.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<Decoded<T>> createSerializer(SerializerConfig config) {
    return new DecodedSerializer<>(type);
  }

  @Override
  public String toString() {
    return "Decoded<" + type.getSimpleName() + ">";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecodedTypeInfo<?> that && that.type.equals(type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DecodedTypeInfo;
  }
}
