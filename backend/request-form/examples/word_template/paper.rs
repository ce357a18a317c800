//! The paper as Word sees it, with `{{placeholders}}`: the same words and measures as `templates/request-form.typ`.
//!
//! Owns the default Word template's layout by Decree 30/2020. Lengths are in twentieths of a point, sizes in half points.

use std::error::Error;
use std::io::{Cursor, Read, Write};

use docx_rs::{
    AlignmentType, BorderType, Docx, Header, HeightRule, LineSpacing, PageMargin, PageNum, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, SpecialIndentType, Style, StyleType, Tab, TabValueType,
    Table, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

const FACE: &str = "Times New Roman";
/// Thirteen points, the least that the decree allows for text.
const BODY: usize = 26;
/// 165 mm between the margins.
const WIDTH: usize = 9354;
/// The same in the table's three columns.
const COLUMNS: [usize; 3] = [2154, 4819, 2381];

/// The template as a `.docx` package, the same bytes each time.
pub(crate) fn package() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut written = Cursor::new(Vec::new());
    paper().pack(&mut written)?;
    finish(written.get_ref())
}

fn paper() -> Docx {
    let face = RunFonts::new().ascii(FACE).hi_ansi(FACE).east_asia(FACE).cs(FACE);
    let heading = |id: &str, name: &str, size: usize, level: usize| {
        Style::new(id, StyleType::Paragraph).name(name).based_on("Normal").size(size).bold().outline_lvl(level)
    };
    let page_number = Paragraph::new()
        .add_tab(Tab::new().val(TabValueType::Center).pos(WIDTH / 2))
        .add_tab(Tab::new().val(TabValueType::Right).pos(WIDTH))
        .add_run(Run::new().add_tab())
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_tab().add_text("Mã giấy: {{code}}"));
    let mut docx = Docx::new()
        .default_fonts(face)
        .default_size(BODY)
        .page_size(11906, 16838)
        .page_margin(PageMargin {
            top: 1134,
            bottom: 1134,
            left: 1701,
            right: 850,
            header: 567,
            footer: 567,
            gutter: 0,
        })
        .add_style(heading("Heading1", "heading 1", 28, 0).align(AlignmentType::Center))
        .add_style(heading("Heading2", "heading 2", BODY, 1))
        .first_header(Header::new().add_paragraph(Paragraph::new()))
        .header(Header::new().add_paragraph(page_number));
    for paragraph in opening() {
        docx = docx.add_paragraph(paragraph);
    }
    docx = docx.add_table(details());
    for paragraph in statements() {
        docx = docx.add_paragraph(paragraph);
    }
    docx.add_table(signatures()).add_paragraph(note())
}

fn opening() -> Vec<Paragraph> {
    // The rule under the motto is as long as the motto.
    let motto = spaced(centred(bold("Độc lập - Tự do - Hạnh phúc").size(28)), 0, 120);
    let motto = ruled(motto, ParagraphBorderPosition::Bottom).indent(Some(2900), None, Some(2900), None);
    let code_and_date = Paragraph::new()
        .add_tab(Tab::new().val(TabValueType::Right).pos(WIDTH))
        .add_run(run("Mã giấy: "))
        .add_run(bold("{{code}}").add_tab())
        .add_run(run("{{place}}, {{date}}").italic());
    let unit = Paragraph::new().add_run(run("Kính gửi: ")).add_run(bold("{{unit_name}}"));
    vec![
        spaced(centred(bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")), 0, 0),
        motto,
        spaced(code_and_date, 60, 200),
        spaced(
            Paragraph::new().style("Heading1").add_run(Run::new().add_text("GIẤY ĐỀ NGHỊ TẠO TÀI KHOẢN CÔNG DÂN")),
            0,
            120,
        ),
        spaced(unit, 0, 120).indent(Some(1190), Some(SpecialIndentType::Hanging(1190)), None, None),
        text("Tôi đề nghị quý cơ quan tạo cho tôi một tài khoản trên {{portal_name}} với các thông tin sau:"),
        section("1. Thông tin đã nhập"),
    ]
}

fn details() -> Table {
    let rows = [
        ("Họ và tên", bold("{{full_name}}")),
        ("Số CCCD/CMND", run("{{id_number}}")),
        ("Số CMND cũ", run("{{previous_id_number}}")),
        ("Ngày sinh", run("{{birth_date}}")),
        ("Số điện thoại", run("{{phone}}")),
        ("Email", run("{{email}}")),
    ];
    let cell = |column: usize, run: Run| {
        let paragraph = spaced(Paragraph::new().add_run(run), 30, 30);
        TableCell::new()
            .width(COLUMNS[column], WidthType::Dxa)
            .vertical_align(VAlignType::Center)
            .add_paragraph(paragraph)
    };
    let row = |label: Run, value: Run, correction: Run| {
        // Height enough to write a correction by hand.
        TableRow::new(vec![cell(0, label), cell(1, value), cell(2, correction)])
            .row_height(425.0)
            .height_rule(HeightRule::AtLeast)
            .cant_split()
    };
    let mut table = Table::new(vec![row(bold("Mục"), bold("Nội dung"), bold("Sửa lại (nếu sai)"))]);
    for (label, value) in rows {
        table = table.add_row(row(run(label), value, run("")));
    }
    table
        .set_grid(COLUMNS.to_vec())
        .layout(TableLayoutType::Fixed)
        .width(WIDTH, WidthType::Dxa)
        .margins(TableCellMargins::new().margin(0, 100, 0, 100))
}

fn statements() -> Vec<Paragraph> {
    vec![
        section("2. Cam đoan"),
        text(
            "Tôi đã kiểm tra các thông tin trên, đã ghi chỗ sai (nếu có) vào cột bên phải và cam đoan thông tin là đúng. \
             Số điện thoại đã khai là của chính tôi, để nhận mã xác thực (OTP) và mật khẩu đăng nhập.",
        ),
        section("3. Đồng ý cho xử lý dữ liệu cá nhân"),
        text(
            "Theo Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, tôi tự nguyện đồng ý để cơ quan nêu trên và đơn vị quản lý \
             {{portal_name}} xử lý thông tin tại mục 1 và bản quét thẻ CCCD/CMND của tôi, chỉ nhằm:",
        ),
        item("a) tạo tài khoản công dân;"),
        item("b) xác minh số điện thoại;"),
        item("c) gửi mật khẩu đăng nhập."),
        text(
            "Tôi đã được báo rằng hình ảnh thẻ là dữ liệu cá nhân nhạy cảm, và rằng tôi có quyền xem, yêu cầu chỉnh sửa, \
             yêu cầu xóa dữ liệu của mình và rút lại sự đồng ý này.",
        ),
    ]
}

fn signatures() -> Table {
    let half = WIDTH / 2;
    let cell = |run: Run| {
        TableCell::new().width(half, WidthType::Dxa).add_paragraph(spaced(centred(run).keep_next(true), 0, 20))
    };
    let row = |left: Run, right: Run| TableRow::new(vec![cell(left), cell(right)]).cant_split();
    let room = row(run(""), run("")).row_height(1050.0).height_rule(HeightRule::AtLeast);
    Table::without_borders(vec![
        row(bold("CÁN BỘ TIẾP NHẬN"), bold("NGƯỜI ĐỀ NGHỊ")),
        // The citizen's name is written by the citizen; the officer's is printed.
        row(run("(Ký tên)").italic(), run("(Ký, ghi rõ họ tên)").italic()),
        room,
        row(bold("{{officer_name}}"), run("")),
        row(run("Điện thoại: {{officer_phone}}"), run("")),
    ])
    .set_grid(vec![half, half])
    .layout(TableLayoutType::Fixed)
    .width(2 * half, WidthType::Dxa)
}

fn note() -> Paragraph {
    let words = "Mã giấy gắn tờ này với đúng các thông tin trên; thông tin được sửa thì mã đổi và giấy được in lại.";
    spaced(ruled(Paragraph::new().add_run(run(words).size(22)), ParagraphBorderPosition::Top), 200, 0)
}

fn run(text: &str) -> Run {
    Run::new().add_text(text)
}

fn bold(text: &str) -> Run {
    run(text).bold()
}

fn centred(run: Run) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).add_run(run)
}

fn text(words: &str) -> Paragraph {
    spaced(Paragraph::new().align(AlignmentType::Both).add_run(run(words)), 0, 80)
}

fn item(words: &str) -> Paragraph {
    spaced(Paragraph::new().add_run(run(words)), 0, 20).indent(Some(280), None, None, None)
}

fn section(title: &str) -> Paragraph {
    spaced(Paragraph::new().style("Heading2").keep_next(true).add_run(run(title)), 100, 60)
}

fn spaced(paragraph: Paragraph, before: u32, after: u32) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().before(before).after(after))
}

fn ruled(mut paragraph: Paragraph, position: ParagraphBorderPosition) -> Paragraph {
    let line = ParagraphBorder::new(position).val(BorderType::Single).size(6).space(4).color("000000");
    paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(line));
    paragraph
}

/// Adds what the generator cannot say (language, title, a header row that repeats), and fixes the package's dates.
fn finish(package: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut read = ZipArchive::new(Cursor::new(package))?;
    let mut write = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for index in 0..read.len() {
        let mut entry = read.by_index(index)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name()?.into_owned();
        let mut xml = String::new();
        entry.read_to_string(&mut xml)?;
        let (old, new) = match name.as_str() {
            "word/styles.xml" => ("</w:rPr></w:rPrDefault>", r#"<w:lang w:val="vi-VN" /></w:rPr></w:rPrDefault>"#),
            "docProps/core.xml" => (
                "</cp:coreProperties>",
                "<dc:title>Giấy đề nghị tạo tài khoản công dân</dc:title><dc:language>vi</dc:language></cp:coreProperties>",
            ),
            "word/document.xml" => ("<w:trPr>", "<w:trPr><w:tblHeader />"),
            _ => ("", ""),
        };
        if !old.is_empty() && !xml.contains(old) {
            return Err(format!("{name} has no {old} any more").into());
        }
        write.start_file(name, options)?;
        write.write_all(xml.replacen(old, new, 1).as_bytes())?;
    }
    Ok(write.finish()?.into_inner())
}
