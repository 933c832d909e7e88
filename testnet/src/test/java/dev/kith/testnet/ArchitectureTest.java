package dev.kith.testnet;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, held against the byte code. */
class ArchitectureTest {
  private static JavaClasses kith;

  @BeforeAll
  static void importClasses() {
    kith =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kith");
    Assertions.assertThat(kith.size()).as("classes seen").isGreaterThan(100);
  }

  @Test
  void modules_pointDownOnly() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("libp2p")
        .definedBy("dev.kith.libp2p..")
        .layer("ledger")
        .definedBy("dev.kith.ledger..")
        .layer("dht-store")
        .definedBy("dev.kith.dht..")
        .layer("p2p-node")
        .definedBy("dev.kith.node..")
        .layer("cli")
        .definedBy("dev.kith.cli..")
        .layer("testnet")
        .definedBy("dev.kith.testnet..")
        .whereLayer("testnet")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("testnet")
        .whereLayer("p2p-node")
        .mayOnlyBeAccessedByLayers("cli", "testnet")
        .whereLayer("ledger")
        .mayOnlyBeAccessedByLayers("p2p-node", "cli", "testnet")
        .whereLayer("dht-store")
        .mayOnlyBeAccessedByLayers("p2p-node", "cli", "testnet")
        .check(kith);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.kith.(**)").should().beFreeOfCycles().check(kith);
  }

  @Test
  void machines_doNoInputOrOutput() {
    ArchRuleDefinition.noClasses()
        .that()
        .haveSimpleNameEndingWith("Machine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "io.netty..")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(kith);
  }

  @Test
  void onlyTheCliPrints() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage("dev.kith.libp2p..", "dev.kith.ledger..", "dev.kith.dht..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(kith);
  }
}
