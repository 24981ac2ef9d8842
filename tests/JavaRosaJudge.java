// JavaRosa as judge: fills a form with each set of answers and prints what its calculations say.
// Knows nothing of our own evaluator. tests/test_engine_javarosa.py runs it as
//   java -cp ODK_Validate.jar tests/JavaRosaJudge.java FORM.xml SETS.tsv ASKED CALCULATED
// ASKED and CALCULATED are names joined by commas. A line of SETS holds one answer per asked name,
// parted by tabs; a line of the output one value per calculation. Empty is no answer.

import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;

public class JavaRosaJudge {
    public static void main(String[] arguments) throws Exception {
        new XFormsModule().registerModule();
        FormDef form = XFormUtils.getFormFromInputStream(new FileInputStream(arguments[0]));
        form.initialize(true, new InstanceInitializationFactory());
        String[] asked = arguments[2].split(",");
        String[] calculated = arguments[3].split(",");
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line : Files.readAllLines(Path.of(arguments[1]), StandardCharsets.UTF_8)) {
            String[] answers = line.split("\t", -1);
            for (int at = 0; at < asked.length; at++) {
                answer(form, asked[at], answers[at]);
            }
            StringJoiner said = new StringJoiner("\t");
            for (String name : calculated) {
                IAnswerData value = node(form, name).getValue();
                said.add(value == null ? "" : value.uncast().getString());
            }
            out.println(said);
        }
        out.flush();
    }

    static TreeElement node(FormDef form, String name) {
        return form.getMainInstance().getRoot().getChild(name, 0);
    }

    static void answer(FormDef form, String name, String text) {
        TreeElement node = node(form, name);
        TreeReference place = node.getRef();
        IAnswerData value = text.isEmpty()
            ? null : XFormAnswerDataParser.getAnswerData(text, node.getDataType());
        form.setValue(value, place, true);
    }
}
