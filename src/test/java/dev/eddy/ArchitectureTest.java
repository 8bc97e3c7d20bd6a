package dev.eddy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions between the packages, and which of them may know which library. */
class ArchitectureTest {

    /** Each package with those it may use besides itself. {@code cli} wires and may use all. */
    private static final Map<String, List<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            entry("image", List.of()),
            entry("nn", List.of()),
            entry("model", List.of("nn")),
            entry("sync", List.of("nn")),
            entry("learn", List.of("image", "model", "nn", "sync")),
            entry("snapshot", List.of("learn", "model", "nn")),
            // model for its part of the configuration
            entry("stream", List.of("image", "learn", "model", "snapshot", "sync", "telemetry")),
            entry("exchange", List.of("image", "learn", "nn", "snapshot")),
            entry("telemetry", List.of()),
            entry("local", List.of("image")),
            entry("registry", List.of("image", "stream")),
            entry("backtest", List.of("image", "learn", "model", "nn", "sync"))));

    private static final JavaClasses EDDY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.eddy");

    static Stream<Map.Entry<String, List<String>>> rooms() {
        return MAY_USE.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aPackageUsesOnlyThoseBelowIt(Map.Entry<String, List<String>> room) {
        String[] allowed = Stream.concat(Stream.of(room.getKey()), room.getValue().stream())
                .map(ArchitectureTest::inside)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(inside(room.getKey()))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.eddy..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(EDDY);
    }

    @Test
    void everyPackageHasItsDirections() {
        TreeSet<String> found = EDDY.stream()
                .map(type -> type.getPackageName())
                .filter(name -> !name.equals("dev.eddy"))
                .map(name -> name.split("\\.", 4)[2])
                .filter(name -> !name.equals("cli"))
                .collect(Collectors.toCollection(TreeSet::new));
        found.removeAll(MAY_USE.keySet());
        assertEquals(new TreeSet<>(), found);
    }

    @Test
    void noPackagesDependOnEachOther() {
        slices().matching("dev.eddy.(*)..").should().beFreeOfCycles().check(EDDY);
    }

    @Test
    void theNumericLibraryStaysBelowTheModels() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("nn"), inside("model"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
                .check(EDDY);
    }

    @Test
    void onnxStaysInExchange() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("exchange"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("onnx..")
                .check(EDDY);
    }

    @Test
    void kafkaStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("stream"), inside("local"), inside("registry"), inside("cli"))
                .and()
                .doNotHaveFullyQualifiedName("dev.eddy.telemetry.KafkaMeters")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(EDDY);
    }

    @Test
    void theRegistrysClientStaysInItsPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("registry"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.apicurio..")
                .check(EDDY);
    }

    @Test
    void metersStayInTelemetry() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("telemetry"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .check(EDDY);
    }

    @Test
    void commandsStayInCli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "me.tongfei..", "ch.qos.logback..")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(EDDY);
    }

    @Test
    void nothingIsReadByJavaDeserialization() {
        classes()
                .that()
                .resideInAPackage("dev.eddy..")
                .should()
                .onlyDependOnClassesThat()
                .doNotHaveFullyQualifiedName("java.io.ObjectInputStream")
                .check(EDDY);
    }

    private static String inside(String room) {
        return "dev.eddy." + room + "..";
    }
}
