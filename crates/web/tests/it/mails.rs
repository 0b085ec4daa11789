//! Whether one wants mails: one's own account says so and changes it.

use serde_json::json;

use crate::fixture::{HTTPS, Site};

#[test]
fn everybody_switches_their_own_mails_off_and_on() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("reporter");
    let wants = |user: &str| site.ok(user, "show_mail_preferences", json!({}))["on"].clone();
    let account = || site.get(&who, "/account").expect(200, "the account").text();
    assert!(account().contains("reporter@example.org when somebody mentions you"), "{}", account());
    let answer = site.post(&who, "/account/mails", &[("on", "no")]).expect(303, "off");
    assert_eq!(answer.location(), "/account#mails");
    assert!(account().contains("They are switched off") && account().contains("Switch them on"));
    assert_eq!((wants("reporter"), wants("manager")), (json!(false), json!(true)));
    site.post(&who, "/account/mails", &[("on", "perhaps")]).expect(422, "neither");
    assert_eq!(wants("reporter"), json!(false));
    site.post(&who, "/account/mails", &[("on", "yes")]).expect(303, "on");
    assert_eq!(wants("reporter"), json!(true));
}
