// Records out of arbitrary bytes, for fuzzing: whole rows more often than chance would make them;
// osect/v1/record.proto.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "osect/v1/record.pb.h"

namespace osect::v1 {

// Reads instructions from the bytes; what there is not reads as zero.
class MadeRecords {
 public:
  MadeRecords(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  [[nodiscard]] bool is_at_end() const { return at_ == end_; }
  std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
  // Mostly small, because ids, counts and steps are.
  std::uint64_t number() {
    const std::uint8_t first = byte();
    if (first < 0xf0) return first;
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return value;
  }
  std::string text() {
    std::string out(byte() % 40U, '\0');
    for (char& c : out) c = static_cast<char>(byte());
    return out;
  }

  // Up to the next end mark, or the end.
  Records next() {
    Records records;
    records.set_tick_ms(1000);
    records.set_length_ms(60'000);
    while (!is_at_end()) {
      switch (byte() % 14) {
        case 0:
          return records;
        case 1:
          add_row(records, "endpoint_");
          break;
        case 2:
          add_row(records, "conversation");
          break;
        case 3:
          add_row(records, "operation");
          break;
        case 4:
          add_row(records, "fact_");
          break;
        case 5:
          fill(*records.add_event());
          break;
        case 6:
          fill(*records.add_port());
          break;
        case 7:
          fill(*records.mutable_health());
          break;
        case 8:
          fill(*records.add_gap());
          break;
        case 9:
          records.mutable_announced()->add_text(text());
          break;
        case 10:
          announce_host(*records.mutable_announced());
          break;
        case 11:
          add_row(*records.mutable_announced(), "conversation_");
          records.mutable_announced()->mutable_conversation_transport()->push_back(
              static_cast<char>(byte()));
          break;
        case 12:
          add_row(*records.mutable_announced(), "operation_");
          records.mutable_announced()->mutable_operation_access()->push_back(
              static_cast<char>(byte()));
          break;
        default:
          change(byte() % 2 == 0 ? static_cast<google::protobuf::Message&>(records)
                                 : *records.mutable_announced());
      }
    }
    return records;
  }

 private:
  using Field = google::protobuf::FieldDescriptor;

  void announce_host(Announced& announced) {
    announced.add_host_vlan(byte());
    for (int i = 0; i < 6; ++i) announced.mutable_host_mac()->push_back(static_cast<char>(byte()));
    const std::uint8_t choice = byte();
    const std::size_t length = choice % 4 == 0 ? 0 : choice % 4 == 1 ? 16 : 4;
    announced.mutable_host_ip_length()->push_back(static_cast<char>(length));
    for (std::size_t i = 0; i < length; ++i)
      announced.mutable_host_ip()->push_back(static_cast<char>(byte()));
  }

  // One value in every column of a table.
  void add_row(google::protobuf::Message& message, std::string_view table) {
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const Field* field = descriptor->field(i);
      if (field->is_repeated() && std::string_view(field->name()).substr(0, table.size()) == table)
        set(message, *field);
    }
  }

  void fill(google::protobuf::Message& message) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i)
      set(message, *message.GetDescriptor()->field(i));
  }

  // One field by itself: columns of different lengths, times and positions that are wrong.
  void change(google::protobuf::Message& message) {
    const auto* descriptor = message.GetDescriptor();
    set(message, *descriptor->field(byte() % descriptor->field_count()));
  }

  void set(google::protobuf::Message& message, const Field& field) {
    const auto* reflection = message.GetReflection();
    const bool is_list = field.is_repeated();
    const auto zigzag = [this] {
      const std::uint64_t value = number();
      return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
    };
    switch (field.cpp_type()) {
      case Field::CPPTYPE_INT32: {
        const auto value = static_cast<std::int32_t>(zigzag());
        is_list ? reflection->AddInt32(&message, &field, value)
                : reflection->SetInt32(&message, &field, value);
        break;
      }
      case Field::CPPTYPE_INT64: {
        const auto value = zigzag();
        is_list ? reflection->AddInt64(&message, &field, value)
                : reflection->SetInt64(&message, &field, value);
        break;
      }
      case Field::CPPTYPE_UINT32: {
        const auto value = static_cast<std::uint32_t>(number());
        is_list ? reflection->AddUInt32(&message, &field, value)
                : reflection->SetUInt32(&message, &field, value);
        break;
      }
      case Field::CPPTYPE_UINT64: {
        const auto value = number();
        is_list ? reflection->AddUInt64(&message, &field, value)
                : reflection->SetUInt64(&message, &field, value);
        break;
      }
      case Field::CPPTYPE_ENUM:
        reflection->SetEnumValue(&message, &field, static_cast<int>(byte()));
        break;
      case Field::CPPTYPE_STRING:
        is_list ? reflection->AddString(&message, &field, text())
                : reflection->SetString(&message, &field, text());
        break;
      default:
        break;  // messages have instructions of their own
    }
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace osect::v1
