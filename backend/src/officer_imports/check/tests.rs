use chrono::DateTime;
use motcua_openapi::officer_imports::ListColumn as Of;

use super::*;
use crate::units::Unit;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn known(n: u128, username: &str, role: Role, agency: u128, units: &[u128]) -> Known {
    let officer = Officer {
        id: id(n),
        username: username.into(),
        full_name: "Trần Văn Cũ".into(),
        phone: Some(PhoneNumber::parse("0905437000").unwrap()),
        password_hash: String::new(),
        role,
        agency_id: id(agency),
        password_change_needed: false,
        password_message_id: None,
        password_expires_at: None,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        suspended_at: None,
        updated_at: None,
        updated_by: None,
    };
    Known { officer, units: units.iter().map(|n| id(*n)).collect() }
}

/// Agency 1 with desk 2 and agency 3 below with desk 4; unit 9 is out of reach. 20 brings the list.
fn world(officers: &[Known]) -> World {
    let unit = |n, parent: Option<u128>, name: &str| Unit { id: id(n), parent_id: parent.map(id), name: name.into() };
    let units = vec![
        unit(1, None, "Thành phố"),
        unit(2, Some(1), "Một cửa"),
        unit(3, Some(1), "Phường"),
        unit(4, Some(3), "Một cửa"),
        unit(9, None, "Sở"),
    ];
    let mut administrators: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for known in officers {
        let officer = &known.officer;
        if officer.role == Role::Administrator && !officer.is_suspended() {
            administrators.entry(officer.agency_id).or_default().insert(officer.id);
        }
    }
    let person = |known: &Known| (text::fold(&known.officer.full_name), "+84905437000".to_owned());
    World {
        names: Names::new(units, (1..=4).map(id)),
        agency_id: id(1),
        by: Some(id(20)),
        by_username: officers.iter().map(|known| (known.officer.username.clone(), known.clone())).collect(),
        by_person: officers.iter().take(1).map(|known| (person(known), known.clone())).collect(),
        usernames: officers.iter().map(|known| known.officer.username.clone()).collect(),
        administrators,
    }
}

/// Columns A to F: name, sign-in name, phone, unit, agency, role.
fn checked(world: &World, rows: &[[&str; 6]]) -> Plan {
    let order = [Of::FullName, Of::Username, Of::Phone, Of::Unit, Of::Agency, Of::Role];
    let written = |(row, cells): (u32, &[&str; 6])| {
        let cell = |column| order.iter().position(|one| *one == column).map_or("", |at| cells[at]);
        Written::new(row, Of::ALL.map(|column| cell(column).to_owned()))
    };
    let sheet = Sheet {
        columns: (0..).zip(order).map(|(at, column)| (column, at)).collect(),
        rows: (2..).zip(rows).map(written).collect(),
    };
    let mut check = Check::new(world, &sheet);
    sheet.rows.iter().for_each(|row| check.row(row));
    check.end()
}

fn faults(plan: &Plan) -> Vec<(&str, CellCode)> {
    plan.errors.iter().map(|error| (error.cell.as_deref().unwrap_or("-"), error.code)).collect()
}

#[test]
fn somebody_new_gets_a_name_to_sign_in_the_agency_and_the_role_of_an_officer() {
    let plan = checked(
        &world(&[known(5, "minhdq", Role::Officer, 1, &[])]),
        &[
            ["Đặng Quang Minh", "", "905437123", "thành phố > một cửa", "", ""],
            ["Đặng Quang Minh", "", "0905437124", "", "", ""],
        ],
    );
    assert_eq!(faults(&plan), []);
    let first = &plan.rows[0];
    assert_eq!((first.shown.username.as_str(), first.shown.username_made), ("minhdq2", true));
    assert_eq!((first.shown.phone.as_str(), first.shown.outcome), ("0905 437 123", RowOutcome::New));
    assert_eq!((first.agency_id, first.role), (id(1), Role::Officer));
    assert_eq!(plan.rows[1].shown.username, "minhdq3");
}

#[test]
fn several_units_of_one_name_are_a_fault_unless_one_is_near() {
    let plan = checked(
        &world(&[]),
        &[
            ["An Bình", "an", "0905437123", "Phường > Một cửa; Thành phố > Một cửa", "", ""],
            ["Chi Dung", "chi", "0905437123", "Một cửa", "Phường", ""],
            ["Em Giang", "em", "0905437123", "Một cửa; Sở", "", ""],
        ],
    );
    assert_eq!(faults(&plan), [("D4", CellCode::UnitAmbiguous), ("D4", CellCode::UnitUnknown)]);
    let sound = checked(&world(&[]), &[["Chi Dung", "chi", "0905437123", "Một cửa", "Phường", ""]]);
    assert_eq!(sound.rows[0].units, [id(4)]);
}

#[test]
fn what_a_cell_leaves_out_stays_but_for_the_units() {
    let world = world(&[known(5, "cu", Role::Auditor, 3, &[4, 9])]);
    let plan = checked(&world, &[["Trần Văn Cũ", "CU", "", "Một cửa", "", ""]]);
    assert_eq!((faults(&plan), plan.rows[0].shown.outcome), (vec![], RowOutcome::Unchanged));
    let plan = checked(&world, &[["Trần Văn Mới", "cu", "0905437001", "", "Thành phố", "Quản trị"]]);
    assert_eq!(faults(&plan), []);
    let changes: Vec<_> = plan.rows[0].shown.changes.iter().map(|one| (one.column, one.before.as_str())).collect();
    assert_eq!(
        changes,
        [
            (Of::FullName, "Trần Văn Cũ"),
            (Of::Phone, "0905 437 000"),
            (Of::Unit, "Phường > Một cửa"),
            (Of::Agency, "Phường"),
            (Of::Role, "Kiểm toán")
        ]
    );
    assert_eq!((plan.rows[0].units.as_slice(), plan.rows[0].units_before.as_slice()), (&[][..], &[id(4)][..]));
}

#[test]
fn a_row_without_a_sign_in_name_means_whoever_has_its_name_and_phone() {
    let world = world(&[known(5, "cu", Role::Officer, 1, &[])]);
    let plan = checked(&world, &[["Trần  Văn Cũ", "", "0905.437.000", "", "", ""]]);
    assert_eq!((plan.rows[0].officer_id, plan.rows[0].shown.username.as_str()), (Some(id(5)), "cu"));
    let twice = checked(
        &world,
        &[
            ["Trần Văn Cũ", "", "0905437000", "", "", ""],
            ["Trần Văn Cũ", "cu", "0905437000", "", "", ""],
            ["Lê Mới", "", "0905437009", "", "", ""],
            ["LÊ MỚI", "", "0905 437 009", "", "", ""],
            ["Lê Khác", "khac", "0905437009", "", "", ""],
            ["Lê Khác", "Khac", "0905437009", "", "", ""],
        ],
    );
    assert_eq!(
        faults(&twice),
        [("A3", CellCode::OfficerRepeated), ("A5", CellCode::OfficerRepeated), ("B7", CellCode::UsernameRepeated)]
    );
    assert_eq!(twice.errors[2].params["cell"], "B6");
}

#[test]
fn every_fault_of_every_row_is_told_at_its_cell() {
    let world = world(&[known(5, "cu", Role::Officer, 9, &[])]);
    let plan = checked(
        &world,
        &[
            ["", "ok", "0905437123", "", "", ""],
            ["An 2", "có", "12", "Không có", "Không có", "Giám đốc"],
            ["An Bình", "cu", "0905437123", "", "", ""],
            ["An Bình", "moi", "", "", "", ""],
            ["An Bình", "moi.hai", "09o5437123", "", "Một cửa", ""],
        ],
    );
    assert_eq!(
        faults(&plan),
        [
            ("A2", CellCode::Required),
            ("A3", CellCode::NameInvalid),
            ("B3", CellCode::UsernameInvalid),
            ("C3", CellCode::PhoneInvalid),
            ("D3", CellCode::UnitUnknown),
            ("E3", CellCode::AgencyUnknown),
            ("F3", CellCode::RoleUnknown),
            ("B4", CellCode::UsernameTaken),
            ("C5", CellCode::Required),
            ("C6", CellCode::PhoneInvalid),
            ("E6", CellCode::AgencyAmbiguous),
        ]
    );
    assert_eq!((plan.error_count, plan.rows.len()), (11, 0), "nothing is planned where anything is wrong");
}

#[test]
fn no_agency_loses_its_last_administrator_and_nobody_demotes_or_moves_themselves() {
    let officers = [
        known(20, "toi", Role::Administrator, 1, &[]),
        known(21, "hai", Role::Administrator, 1, &[]),
        known(22, "phuong", Role::Administrator, 3, &[]),
    ];
    let world = world(&officers);
    let row = |username, agency, role| ["Trần Văn Cũ", username, "", "", agency, role];
    let own = checked(&world, &[row("toi", "Phường", "Cán bộ")]);
    assert_eq!(faults(&own), [("E2", CellCode::AgencyOwn), ("F2", CellCode::RoleOwn)]);
    assert_eq!(faults(&checked(&world, &[row("hai", "", "Cán bộ")])), [], "one is left");
    let last = checked(&world, &[row("hai", "", "Kiểm toán"), row("phuong", "", "Cán bộ")]);
    assert_eq!(faults(&last), [("F3", CellCode::LastAdministrator)]);
    assert_eq!(last.errors[0].params["unit"], "Phường");
    assert_eq!(faults(&checked(&world, &[row("phuong", "Thành phố", "")])), [("E2", CellCode::LastAdministrator)]);
    let replaced = [row("phuong", "", "Cán bộ"), ["Lê Thị Mới", "moi", "0905437123", "", "Phường", "Quản trị"]];
    assert_eq!(faults(&checked(&world, &replaced)), [], "the list brings another");
}

#[test]
fn a_column_that_is_not_there_changes_nothing() {
    let world = world(&[known(5, "cu", Role::Officer, 1, &[2])]);
    let cells = |column| match column {
        Of::FullName => "Trần Văn Cũ",
        Of::Phone => "0905437000",
        Of::Number | Of::Username | Of::Unit | Of::Agency | Of::Role => "",
    };
    let sheet = Sheet {
        columns: vec![(Of::FullName, 0), (Of::Phone, 1)],
        rows: vec![Written::new(2, Of::ALL.map(|column| cells(column).to_owned()))],
    };
    let mut check = Check::new(&world, &sheet);
    check.row(&sheet.rows[0]);
    let plan = check.end();
    assert_eq!((plan.rows[0].shown.outcome, plan.rows[0].units.as_slice()), (RowOutcome::Unchanged, &[id(2)][..]));
}
