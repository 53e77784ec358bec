// SPDX-License-Identifier: Apache-2.0
#include "controller/web/card_page.hpp"

#include <gmock/gmock.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Card, says_how_to_start_stop_and_end_in_both_languages) {
  const std::string nb = render_card(house_options(), {});
  for (const char* text : {"<html lang=\"nb\">", "<strong>Ro ned</strong> – 15 min", "<h2>Stopp alt</h2>",
                           "40 % nøytralt lys", "Klar igjen", "<h2>Avslutt rolig</h2>", "Bryteren ved døren"})
    EXPECT_THAT(nb, HasSubstr(text));
  const std::string en = render_card(house_options(), {{"lang", "en"}});
  for (const char* text : {"<html lang=\"en\">", "<strong>Regulate down</strong>", "<h2>Stop all</h2>",
                           "The switch by the door"})
    EXPECT_THAT(en, HasSubstr(text));
}

TEST(Card, is_made_from_the_settings_of_this_room) {
  Options options = house_options();
  EXPECT_THAT(render_card(options, {}), Not(HasSubstr("knappen på veggen"))) << "there is none";
  options.wall_buttons = {"start", "stop"};
  options.safe_light_level = 0.25;
  EXPECT_THAT(render_card(options, {}), Not(HasSubstr("Ring:"))) << "nobody is named";
  options.where_the_switch_is = "bak døren";
  options.whom_to_call = "vakt <12>";
  const std::string card = render_card(options, {});
  for (const char* text : {"langt trykk på knappen på veggen stopper", "25 % nøytralt lys", "Rom &lt;1&gt;",
                           "av og på: bak døren.", "Ring: <strong>vakt &lt;12&gt;</strong>"})
    EXPECT_THAT(card, HasSubstr(text));
}

TEST(Card, runs_without_a_script_and_is_told_to_whoever_may_see_the_room) {
  House house;
  EXPECT_THAT(house.get("/card").body, Not(HasSubstr("<script")));
  EXPECT_EQ(house.get("/card", "maintainer-token").status, 200);
  EXPECT_EQ(house.get("/card", "officer-token").status, 403);
}

}  // namespace
}  // namespace rytme::web
