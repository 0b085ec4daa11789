use super::*;

#[test]
fn addresses_are_shown_without_the_password() {
    for (given, shown) in [
        ("sqlite:a/b.db", "sqlite:a/b.db"),
        ("sqlite:/a b/c.db", "sqlite:/a b/c.db"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgres://db/x", "postgres://db/x"),
        ("postgresql://me@db:5433/x", "postgresql://me@db:5433/x"),
        ("postgres://me:se?cr@t:x@db/x", "postgres://me:***@db/x"),
        (
            "postgres://me:secret@db/x?sslmode=require&connect_timeout=3",
            "postgres://me:***@db/x?connect_timeout=3",
        ),
        (
            "postgres:///x?host=/run/pg&user=me&password=secret",
            "postgres:///x?host=/run/pg&user=me&password=***",
        ),
    ] {
        let url: DatabaseUrl = given.parse().unwrap();
        assert_eq!(url.to_string(), shown);
        assert_eq!(format!("{url:?}"), format!("DatabaseUrl({shown})"));
    }
}

#[test]
fn what_is_not_a_usable_address_is_refused_with_the_reason() {
    for (given, why) in [
        ("", "no scheme"),
        ("nevertwice.db", "no scheme"),
        ("/var/lib/nevertwice.db", "no scheme"),
        ("mysql://db/x", "scheme \"mysql\" is unknown"),
        ("SQLITE:a.db", "scheme \"SQLITE\" is unknown"),
        ("sqlite:", "path is missing"),
        ("sqlite::memory:", "in memory"),
        ("sqlite://a.db", "begin with //"),
        ("sqlite:a.db?mode=ro", "no options"),
        ("postgres:db/x", "// after the scheme"),
        ("postgres://db/x?sslmode=prefer", "disable, require, verify-full"),
        ("postgres://db/x?sslmode", "name=value"),
    ] {
        let error = given.parse::<DatabaseUrl>().unwrap_err();
        assert!(error.to_string().contains(why), "{given}: {error}");
        assert!(error.to_string().contains("expected sqlite:PATH"), "{given}: {error}");
    }
}

#[test]
fn a_refused_address_keeps_its_password_to_itself() {
    for given in
        ["mysql://me:secret@db/x", "postgres://me:secret@db/x?sslmode=maybe", "mysql://db/x?password=secret"]
    {
        let error = given.parse::<DatabaseUrl>().unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn tls_options_are_taken_out_of_what_the_driver_reads() {
    let url: DatabaseUrl =
        "postgres://me@db/x?sslmode=verify-full&sslrootcert=/ca.pem&user=b".parse().unwrap();
    let Target::Postgres(url) = url.0 else { panic!("not a server") };
    assert_eq!(url.address, "postgres://me@db/x?user=b");
    assert_eq!(url.tls, Some(Tls::Verify));
    assert_eq!(url.root_certificates.as_deref(), Some(Path::new("/ca.pem")));
}
