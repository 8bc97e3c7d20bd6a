package dev.eddy.registry;

/** A registry's URL, for messages. */
public final class RegistryUrl {

    private RegistryUrl() {}

    /** What was given as one, well-formed or not, without what may be a user and a password: all before the last {@code @}. */
    public static String withoutUser(String url) {
        int scheme = url.indexOf("://") < 0 ? 0 : url.indexOf("://") + 3;
        return url.substring(0, scheme) + url.substring(Math.max(scheme, url.lastIndexOf('@') + 1));
    }
}
