// SPDX-License-Identifier: Apache-2.0
// The page as poppler reads it.
#include <fstream>

#include <gmock/gmock.h>

#include "controller/report/export.hpp"
#include "controller/report/panels.hpp"
#include "tests/report/recorded.hpp"

namespace rytme::report {
namespace {

using testing::HasSubstr;
using testing::Not;

class PdfTest : public testing::Test {
 protected:
  static Recorded& recorded() {
    static Recorded all;
    return all;
  }
  static std::string run(const std::string& id, const std::string& program) {
    const journal::TemporaryFolder folder;
    const auto file = folder.path() / "s.pdf";
    std::ofstream(file, std::ios::binary) << pdf(recorded().facts(id));
    return output_of(program + " " + file.string() + " -");
  }
  static std::string text_of(const std::string& id) { return run(id, "pdftotext -layout -nopgbrk"); }
};

TEST_F(PdfTest, IsOnePageOfA4WithNoTimeOfItsOwn) {
  const journal::TemporaryFolder folder;
  for (const char* id : {"full", "empty", "open", "unrecorded", "withdrawn"}) {
    const std::string bytes = pdf(recorded().facts(id));
    EXPECT_EQ(bytes, pdf(recorded().facts(id))) << id;
    EXPECT_THAT(bytes, Not(HasSubstr("/CreationDate"))) << id;
    std::ofstream(folder.path() / "s.pdf", std::ios::binary) << bytes;
    const auto about = output_of("pdfinfo " + (folder.path() / "s.pdf").string());
    EXPECT_THAT(about, HasSubstr("Pages:           1\n")) << id;
    EXPECT_THAT(about, HasSubstr("(A4)")) << id;
  }
}

TEST_F(PdfTest, SaysInPlainWordsWhatHappened) {
  const std::string text = text_of("full");
  for (const char* part :
       {"Økt: Ro ned", "Deltaker K7F", "slutt: Stopp alt", "Fase: ankomst", "Personal ser: Alarm (før)",
        "Ungdommens egen: Ro (etter)", "3:00 Stopp alt", "Puls, slag/min – belt", "Bevegelse", "Lyd, %",
        "Lysnivå, %", "Tempo, slag/min", "egen start"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(PdfTest, StatisticsCarryTheirValidShareAndTheirNumber) {
  const std::string text = text_of("full");
  EXPECT_THAT(text, testing::ContainsRegex("median [0-9]+, n = 144, gyldig 8[0-9] % av økten"));
  EXPECT_THAT(text, HasSubstr("n = " + std::to_string(recorded().motion_samples) + ", data 98 %"));
  EXPECT_THAT(text, testing::ContainsRegex("gyldig pulstid 8[0-9] %"));
}

TEST_F(PdfTest, SaysWhereItIsFromAndWhatItIsNot) {
  const std::string text = text_of("full");
  for (const char* part :
       {"Programvare 0.1.0", "formler hrv-2", "innstillinger abc123", "Ikke medisinsk utstyr.",
        "skal ikke alene ligge til grunn for helsehjelp.", "gjenkjenner ingen følelser"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("anna")));
  EXPECT_THAT(text, Not(HasSubstr("session_digest"))) << "a note of the journal to itself";
}

TEST_F(PdfTest, LittleIsShownAsLittle) {
  EXPECT_THAT(text_of("unrecorded"), HasSubstr("ingen målinger, gyldig 0 % av økten"));
  EXPECT_THAT(text_of("unrecorded"), HasSubstr("Uten deltakerkode"));
  EXPECT_THAT(text_of("withdrawn"), HasSubstr("Ungdommen trakk seg fra opptaket"));
  EXPECT_THAT(text_of("open"), HasSubstr("ikke avsluttet"));
  EXPECT_THAT(text_of("withdrawn"), HasSubstr("for lite puls de første 5 min"));
  EXPECT_THAT(text_of("empty"), HasSubstr("varighet 0:00"));
}

TEST_F(PdfTest, GapsAreHatchedAndOwnStartIsMedianAndQuartiles) {
  const auto facts = recorded().facts("full");
  const auto panels = panels_of(facts, SessionClock(facts));
  const Panel& pulse = panels.front();
  ASSERT_EQ(pulse.missing.size(), 2U);
  EXPECT_NEAR(pulse.missing[1].from_s, Recorded::gap_from_s + 10, 0.1);
  EXPECT_NEAR(pulse.missing[1].to_s, Recorded::gap_to_s + 1, 0.1);
  EXPECT_EQ(pulse.doubtful.size(), 5U);
  ASSERT_TRUE(pulse.band);
  EXPECT_NEAR(pulse.band->median, 78, 1);
  EXPECT_NEAR(pulse.band->low, 74, 1);
  EXPECT_NEAR(pulse.band->high, 82, 1);
  EXPECT_GE(panels[1].missing.size(), 9U);  // each lost frame of the swing
}

}  // namespace
}  // namespace rytme::report
