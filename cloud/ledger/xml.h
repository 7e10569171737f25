// A forward-only reader of one XML part, by libxml2; names without their namespace.
#pragma once

#include <libxml/xmlreader.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace osect::ledger {

// One thread's. The text must outlive it. A document type is an error: no Office file has one, and
// entities are what it would be for.
class Xml {
 public:
  explicit Xml(const std::string& text)
      : reader_(xmlReaderForMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)) {}

  // The next node; false at the end, or where the text is no XML (then is_broken()).
  bool next() {
    const int status = reader_ == nullptr ? -1 : xmlTextReaderRead(reader_.get());
    is_broken_ = status < 0 || (status == 1 && type() == XML_READER_TYPE_DOCUMENT_TYPE);
    return status == 1 && !is_broken_;
  }
  [[nodiscard]] bool is_broken() const { return is_broken_; }

  [[nodiscard]] bool begins(std::string_view name) const {
    return type() == XML_READER_TYPE_ELEMENT && name_is(name);
  }
  // Also of an element without content, which has no end of its own.
  [[nodiscard]] bool ends(std::string_view name) const {
    return name_is(name) &&
           (type() == XML_READER_TYPE_END_ELEMENT ||
            (type() == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement(reader_.get()) == 1));
  }
  [[nodiscard]] bool is_text() const {
    return type() == XML_READER_TYPE_TEXT || type() == XML_READER_TYPE_CDATA ||
           type() == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
  }
  [[nodiscard]] std::string_view text() const {
    return view(xmlTextReaderConstValue(reader_.get()));
  }
  // By its name without namespace; "" when there is none.
  [[nodiscard]] std::string attribute(std::string_view name) const {
    std::string value;
    if (xmlTextReaderMoveToFirstAttribute(reader_.get()) != 1) return value;
    do {
      if (view(xmlTextReaderConstLocalName(reader_.get())) == name)
        value = view(xmlTextReaderConstValue(reader_.get()));
    } while (value.empty() && xmlTextReaderMoveToNextAttribute(reader_.get()) == 1);
    xmlTextReaderMoveToElement(reader_.get());
    return value;
  }

 private:
  struct Freeing {
    void operator()(xmlTextReader* reader) const { xmlFreeTextReader(reader); }
  };
  static std::string_view view(const xmlChar* text) {
    if (text == nullptr) return {};
    return static_cast<const char*>(static_cast<const void*>(text));
  }
  [[nodiscard]] int type() const { return xmlTextReaderNodeType(reader_.get()); }
  [[nodiscard]] bool name_is(std::string_view name) const {
    return view(xmlTextReaderConstLocalName(reader_.get())) == name;
  }

  std::unique_ptr<xmlTextReader, Freeing> reader_;
  bool is_broken_ = false;
};

}  // namespace osect::ledger
