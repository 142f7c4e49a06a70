package dev.perennial.core.registry;

class InMemoryModelRegistryTest extends ModelRegistryContract {
    @Override
    protected ModelRegistry newRegistry() {
        return new InMemoryModelRegistry();
    }
}
